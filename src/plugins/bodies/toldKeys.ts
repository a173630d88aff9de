/** Under this name the browser remembers what of which clusters was told. */
export const CLUSTERS_TOLD = 'jupyterlab-batch:clusters-told';
