import { SettingRegistry } from '@jupyterlab/settingregistry';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';

import plugins from '../../index';
import { CommandIDs } from '../../widgets/jobCommands';

const FOLDER = join(__dirname, '../../../schema');
const FILES = readdirSync(FOLDER);

function read(name: string): ISettingRegistry.ISchema {
  return JSON.parse(readFileSync(join(FOLDER, name), 'utf-8'));
}

/** All values under a key, however deep. */
function valuesOf(key: string, tree: unknown): unknown[] {
  if (typeof tree !== 'object' || tree === null) {
    return [];
  }
  return Object.entries(tree).flatMap(([name, value]) => [
    ...(name === key ? [value] : []),
    ...valuesOf(key, value)
  ]);
}

describe.each(FILES)('%s', name => {
  const schema = read(name);
  const id = `jupyterlab-batch:${name.replace('.json', '')}`;

  it('belongs to a plugin', () => {
    expect(plugins.map(plugin => plugin.id)).toContain(id);
  });

  it('is taken by JupyterLab’s own registry, with its defaults', async () => {
    const registry = new SettingRegistry({
      connector: {
        fetch: async () => ({
          id,
          schema,
          raw: '{}',
          version: '1',
          data: { composite: {}, user: {} }
        }),
        list: async () => ({ ids: [], values: [] }),
        remove: async () => undefined,
        save: async () => undefined
      }
    });
    const settings = await registry.load(id);
    for (const [property, { default: value }] of Object.entries(
      schema.properties ?? {}
    )) {
      expect(settings.get(property).composite).toEqual(value);
    }
  });

  it('names only commands that there are', () => {
    const known: unknown[] = Object.values(CommandIDs);
    const named = valuesOf('command', schema);
    expect(named.filter(command => !known.includes(command))).toEqual([]);
  });

  it('says of every setting what it is called and what it does', () => {
    expect(schema.title).toMatch(/^Batch Jobs/);
    expect(schema.description).toMatch(/^[A-Z].*\.$/);
    for (const [
      property,
      { title, description, default: value }
    ] of Object.entries(schema.properties ?? {})) {
      expect([property, title]).toEqual([
        property,
        expect.stringMatching(/^[A-Z]/)
      ]);
      expect(description).toMatch(/^[A-Z].*\.$/);
      expect(value).toBeDefined();
    }
  });
});

it('there are schemas', () => {
  expect(FILES).toEqual(
    expect.arrayContaining(['compose.json', 'jobs.json', 'panel.json'])
  );
});
