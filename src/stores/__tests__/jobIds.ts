/** The id of the job with this number; a higher number is a newer job. */
export function idOf(number: number): string {
  return `01jdb6m2x4e8kq9v7w3z${String(number).padStart(6, '0')}`;
}

/** The number of the job with this id. */
export function numberOf(id: string): number {
  return Number(id.slice(-6));
}
