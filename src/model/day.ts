/** When the day began in which a moment lies, here; both in milliseconds since the epoch. */
export function dayStart(moment: number): number {
  const day = new Date(moment);
  day.setHours(0, 0, 0, 0);
  return day.getTime();
}
