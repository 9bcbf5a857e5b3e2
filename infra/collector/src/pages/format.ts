/** Times and durations as people read them. */

export function duration(us: number): string {
  if (us < 1000) return `${Math.round(us)} µs`;
  if (us < 1e6) return `${significant(us / 1000)} ms`;
  return `${significant(us / 1e6)} s`;
}

/** At most three digits that mean something. */
export const significant = (value: number): string =>
  value >= 100 || Number.isInteger(value) ? String(Math.round(value)) : String(Number(value.toPrecision(3)));

/** UTC, to the millisecond. */
export const dayAndTime = (us: number): string => new Date(us / 1000).toISOString().replace('T', ' ').slice(0, 23);

export const timeOfDay = (ms: number): string => new Date(ms).toISOString().slice(11, 19);
