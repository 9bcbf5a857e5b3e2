/** What people and programs read: progress on standard error, results on standard output, JSON when asked for. */
import type { CommandLine } from './settings.ts';

const colour = process.stderr.isTTY && process.env.NO_COLOR === undefined;

/** A line of progress. */
export const say = (text: string): void => void process.stderr.write(`${text}\n`);

export const dim = (text: string): string => (colour ? `\u001b[2m${text}\u001b[0m` : text);

/** The result of a command: `value` as JSON with `--json`, else `text`. */
export function result({ json }: CommandLine, value: unknown, text: () => string): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${text()}\n`);
}

/** Rows under headings, as wide as they need to be. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...all.map(row => row[column]?.length ?? 0)));
  return all
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
