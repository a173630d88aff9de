const KIB = 1024;

/** How many bytes of a log are kept and asked for. */
export interface ILogLimits {
  /** Asked for at first. */
  first: number;
  /** Asked for at a time. */
  chunk: number;
  /** Kept while following. */
  window: number;
  /** Kept after `loadEarlier`, `loadLater` and `goTo`. */
  earlier: number;
}

export const LOG_LIMITS: ILogLimits = {
  first: 64 * KIB,
  chunk: 256 * KIB,
  window: 1024 * KIB,
  earlier: 4096 * KIB
};
