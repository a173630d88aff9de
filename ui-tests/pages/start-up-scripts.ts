import { gzipSync } from 'node:zlib';

import type { Page, Response } from '@playwright/test';

/** One script that a page fetched. */
export interface IScript {
  path: string;
  bytes: number;
  gzipBytes: number;
  text: string;
}

/**
 * Count the scripts of one extension that a page fetches from now on.
 *
 * Jupyter's server does not compress; the size with gzip is what a proxy in front of it sends.
 *
 * @returns what was fetched so far; call it once JupyterLab is usable.
 */
export function watchScripts(
  page: Page,
  extension: string
): () => Promise<IScript[]> {
  const responses: Response[] = [];
  page.on('response', response => {
    const { pathname } = new URL(response.url());
    if (
      pathname.includes(`/lab/extensions/${extension}/`) &&
      pathname.endsWith('.js')
    ) {
      responses.push(response);
    }
  });
  return () => Promise.all(responses.map(measure));
}

async function measure(response: Response): Promise<IScript> {
  const body = await response.body();
  return {
    path: new URL(response.url()).pathname,
    bytes: body.length,
    gzipBytes: gzipSync(body).length,
    text: body.toString('utf8')
  };
}
