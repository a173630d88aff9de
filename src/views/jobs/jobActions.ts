import type { JobRow } from '../../model/contract';

/** What a view of jobs asks for; each is a command of the application. */
export interface IJobActions {
  open(row: JobRow): void;
  openLog(row: JobRow): void;
  openOutput(row: JobRow): void;
  showRunDirectory(row: JobRow): void;
  hold(row: JobRow): void;
  release(row: JobRow): void;
  suspend(row: JobRow): void;
  resume(row: JobRow): void;
  /** End a job that runs, and let it wait and run again. */
  requeue(row: JobRow): void;
  /** Ask for another time limit, nice value or comment. */
  change(row: JobRow): void;
  /** Ask for a signal, and send it. */
  signal(row: JobRow): void;
  cancel(row: JobRow): void;
  /** Run once more what a job ran. */
  resubmit(row: JobRow): void;
  /** Open the form with what a job was asked. */
  edit(row: JobRow): void;
  /** Say that an unknown job does not exist. */
  giveUp(row: JobRow): void;
  forget(row: JobRow): void;
}
