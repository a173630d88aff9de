const MEMORY_UNITS: readonly (readonly [string, number])[] = [
  ['TB', 1024 ** 4],
  ['GB', 1024 ** 3],
  ['MB', 1024 ** 2],
  ['KB', 1024],
  ['B', 1]
];

const DURATION_UNITS: readonly (readonly [string, number])[] = [
  ['d', 86400],
  ['h', 3600],
  ['min', 60],
  ['s', 1]
];

/** What a view puts around a quantity where a page is read from right to left: it comes along when that is copied. */
const ISOLATES = /[\u2066-\u2069]/g;

const DURATION_PART =
  /(\d+(?:\.\d+)?)\s*(days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)\s*/iy;

/**
 * Read an amount of memory, such as `8GB`, `500M` or `1.5 GiB`.
 *
 * K, M, G and T, with or without B or iB, are powers of 1024. A number without a unit is refused:
 * half of the people mean megabytes by it.
 *
 * @returns bytes, or null if the text is no amount or is not exactly representable.
 */
export function parseMemory(text: string): number | null {
  const match = /^(\d+(?:\.\d*)?|\.\d+)\s*(?:([KMGT])(?:i?B)?|B)$/i.exec(
    bare(text)
  );
  if (!match) {
    return null;
  }
  const unit = (match[2] ?? '').toUpperCase() + 'B';
  const factor = MEMORY_UNITS.find(([name]) => name === unit)?.[1] ?? 1;
  return bounded(Math.ceil(Number(match[1]) * factor));
}

/** Write memory for reading: `1.5 GB`, rounded to one digit behind the point. */
export function formatMemory(bytes: number): string {
  const index = MEMORY_UNITS.findIndex(([, factor]) => bytes >= factor);
  const [unit, factor] = MEMORY_UNITS[index] ?? ['B', 1];
  const rounded = Math.round((bytes / factor) * 10) / 10;
  return rounded >= 1024 && index > 0
    ? `1 ${MEMORY_UNITS[index - 1][0]}`
    : `${rounded} ${unit}`;
}

/** Write what was used of an amount in the unit of that: `6.1 / 8 GB`, `< 0.1 / 8 GB`. */
export function formatMemoryOf(used: number, amount: number): string {
  const all = formatMemory(amount);
  const unit = all.slice(all.indexOf(' ') + 1);
  const factor = MEMORY_UNITS.find(([name]) => name === unit)?.[1] ?? 1;
  const digits = used >= 100 * factor ? 1 : 10;
  const part = Math.round((used / factor) * digits) / digits;
  return `${used > 0 && part === 0 ? '< 0.1' : part} / ${all}`;
}

/** Write memory so that `parseMemory` reads exactly the same number: `1536MB`. */
export function formatMemoryExactly(bytes: number): string {
  return largestDivisor(bytes, MEMORY_UNITS);
}

/**
 * Read a time limit: `90m`, `1h 30m`, `1.5 h`, or what `sbatch --time` takes.
 *
 * As with sbatch a bare number means minutes and `10:00` means minutes:seconds; further
 * `H:MM:SS`, `D-HH`, `D-HH:MM` and `D-HH:MM:SS`.
 *
 * @returns seconds, rounded up, or null if the text is no duration or too long a one.
 */
export function parseDuration(text: string): number | null {
  const trimmed = bare(text);
  return parseSlurmTime(trimmed) ?? parseUnits(trimmed);
}

/**
 * Write a duration for reading: `1 h 30 min`, `2 d 3 h`.
 *
 * @param parts - at most so many units, counted from the largest; what is smaller is dropped.
 */
export function formatDuration(seconds: number, parts = 2): string {
  let rest = Math.max(0, Math.floor(seconds));
  const words: string[] = [];
  let shown = 0;
  for (const [unit, factor] of DURATION_UNITS) {
    const count = Math.floor(rest / factor);
    rest -= count * factor;
    if (count > 0) {
      words.push(`${count} ${unit}`);
    }
    if (words.length > 0 && ++shown === parts) {
      break;
    }
  }
  return words.join(' ') || '0 s';
}

/** Write a duration in one unit that `parseDuration` reads exactly the same: `90m`, `2h`. */
export function formatDurationExactly(seconds: number): string {
  return largestDivisor(seconds, [
    ['h', 3600],
    ['m', 60],
    ['s', 1]
  ]);
}

/**
 * Read a whole number, such as a number of cores.
 *
 * Negative ones and 0 are numbers too: the server says that they are out of range.
 */
export function parseCores(text: string): number | null {
  const trimmed = text.trim();
  return /^[+-]?\d+$/.test(trimmed) ? bounded(Number(trimmed)) : null;
}

function bare(text: string): string {
  return text.replace(ISOLATES, '').trim();
}

function bounded(value: number): number | null {
  return Number.isSafeInteger(value) ? value + 0 : null;
}

function largestDivisor(
  value: number,
  units: readonly (readonly [string, number])[]
): string {
  for (const [unit, factor] of units) {
    if (value >= factor && value % factor === 0) {
      return `${value / factor}${unit}`;
    }
  }
  return `${value}${units[units.length - 1][0]}`;
}

function parseSlurmTime(text: string): number | null {
  const match = /^(?:(\d+)-)?(\d+)(?::(\d+))?(?::(\d+))?$/.exec(text);
  if (!match) {
    return null;
  }
  const [, days, first, second, third] = match.map(part => Number(part ?? 0));
  if (match[1] !== undefined) {
    return bounded(days * 86400 + first * 3600 + second * 60 + third);
  }
  return bounded(
    match[4] !== undefined
      ? first * 3600 + second * 60 + third
      : first * 60 + second
  );
}

function parseUnits(text: string): number | null {
  let seconds = 0;
  let position = 0;
  while (position < text.length || position === 0) {
    DURATION_PART.lastIndex = position;
    const match = DURATION_PART.exec(text);
    if (!match) {
      return null;
    }
    const unit = match[2][0].toLowerCase();
    const factor = DURATION_UNITS.find(([name]) => name[0] === unit)?.[1] ?? 1;
    seconds += Number(match[1]) * factor;
    position = DURATION_PART.lastIndex;
  }
  return bounded(Math.ceil(seconds - 1e-9));
}
