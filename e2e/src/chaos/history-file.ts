/** Keeps what a chaos run saw, where CI and people can look: `$STORMGLASS_HISTORY`, or nowhere when it is not set. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Appends one JSON line to `<name>.jsonl`. */
export function keep(name: string, line: unknown): void {
  const folder = process.env.STORMGLASS_HISTORY;
  if (folder === undefined || folder === '') return;
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, `${name}.jsonl`), `${JSON.stringify(line)}\n`);
}
