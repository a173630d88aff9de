/** The tags of a job, name to value, which may be empty. */
export type Tags = Readonly<Record<string, string>>;

/**
 * Read tags as typed: names, or `name=value`, between commas or blanks.
 *
 * What stands there twice counts once, with its last value.
 */
export function parseTags(text: string): Tags {
  const words = text.split(/[\s,]+/).filter(Boolean);
  return Object.fromEntries(
    words.map(word => {
      const [name, ...values] = word.split('=');
      return [name, values.join('=')];
    })
  );
}

/** Write tags as `parseTags` reads them. */
export function writeTags(tags: Tags): string {
  return Object.entries(tags)
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
    .join(', ');
}
