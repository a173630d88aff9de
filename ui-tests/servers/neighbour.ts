import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

import { PROJECT } from './programs';

/** Where `make test` puts dask-labextension, in a folder of its own. */
const FOLDER = path.join(PROJECT, '.made/dask-labextension');

/** Where the front ends lie: the neighbour's and ours. */
export const NEIGHBOURS_DATA = path.join(FOLDER, 'share/jupyter');
export const OUR_DATA = path.join(PROJECT, '.venv/share/jupyter');

/** What a server runs with that has the neighbour as well. */
export function withNeighbour(): NodeJS.ProcessEnv {
  if (!existsSync(FOLDER)) {
    throw new Error('`make .made/dask-labextension` puts the neighbour there.');
  }
  return {
    JUPYTER_PATH: NEIGHBOURS_DATA,
    JUPYTER_CONFIG_PATH: path.join(FOLDER, 'etc/jupyter'),
    PYTHONPATH: FOLDER
  };
}

/** What an extension of the front end brings along, as far as it can clash. */
export interface IBrought {
  /** Of its settings. */
  schemas: readonly string[];
  /** Of what it puts into outputs, or lets be dragged. */
  mimeTypes: readonly string[];
}

/** Read what an installed extension brings. */
export function broughtBy(extension: string, data: string): IBrought {
  const folder = path.join(data, 'labextensions', extension);
  const { name } = JSON.parse(
    readFileSync(path.join(folder, 'package.json'), 'utf-8')
  ) as { name: string };
  const schemas = readdirSync(path.join(folder, 'schemas', name));
  const scripts = readdirSync(path.join(folder, 'static'))
    .filter(file => file.endsWith('.js'))
    .map(file => readFileSync(path.join(folder, 'static', file), 'utf-8'));
  const found = scripts.join('\n').match(/application\/vnd\.[\w.+-]+/g) ?? [];
  return {
    schemas: schemas.map(file => `${name}/${file}`),
    mimeTypes: [...new Set(found)]
  };
}
