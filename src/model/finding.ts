/** So many matches in a log are counted. */
export const MOST_COUNTED = 1_000;
