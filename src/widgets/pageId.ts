/** The id in the shell of the page of a job. */
export function pageIdOf(jobId: string): string {
  return `jupyterlab-batch-job-${jobId}`;
}
