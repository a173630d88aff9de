import type { Cluster } from './contract';

/** How Python connects by its own means: `batch.cluster("pairs").client()`. */
const CONNECTS = '.client(';

/**
 * Tell whether a notebook uses a cluster, by what stands in its cells and outputs.
 *
 * It names it by our id, on a gateway by its own; or by its name, and takes a client. What a kernel
 * has done without leaving any of that in the notebook is not known: only Dask could tell.
 *
 * @param notebook - as the JSON of its file.
 */
export function usesCluster(
  notebook: string,
  { id, native_id, name }: Pick<Cluster, 'id' | 'native_id' | 'name'>
): boolean {
  const word = JSON.stringify(name).slice(1, -1);
  const byName = [`'${word}'`, `\\"${word}\\"`, `--name ${word}`];
  const has = (text: string): boolean => notebook.includes(text);
  return (
    has(id) ||
    (native_id !== null && has(native_id)) ||
    (has(CONNECTS) && byName.some(has))
  );
}
