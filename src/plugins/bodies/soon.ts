/** So long somebody waits for what is good to know, before a question. */
const PATIENCE_MS = 3_000;

/** What comes of something, or something else where that is late or fails. */
export function soon<T>(coming: Promise<T>, otherwise: T): Promise<T> {
  return Promise.race([
    coming.catch(() => otherwise),
    new Promise<T>(resolve => {
      setTimeout(() => resolve(otherwise), PATIENCE_MS);
    })
  ]);
}
