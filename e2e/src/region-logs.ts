/** What the processes of a region wrote about themselves; tests assert what must not be there. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly status?: number;
  readonly [field: string]: unknown;
}

/** Every structured line of a region's logs, and everything that was written past the logger as `raw`. */
export function readLogs(folder: string): { lines: LogLine[]; raw: string } {
  const lines: LogLine[] = [];
  let raw = '';
  const logs = join(folder, 'logs');
  for (const name of readdirSync(logs)) {
    for (const text of readFileSync(join(logs, name), 'utf8').split('\n')) {
      if (text.startsWith('{')) lines.push(JSON.parse(text) as LogLine);
      else if (text !== '') raw += `${name}: ${text}\n`;
    }
  }
  return { lines, raw };
}

/** Lines that tell of a defect: what nobody caught, and server errors other than 501 and 503. */
export function defects(folder: string): string[] {
  const { lines, raw } = readLogs(folder);
  const bad = lines.filter(
    ({ message, status = 0 }) =>
      /unhandled|uncaught|could not be answered/i.test(message) || (status >= 500 && status !== 501 && status !== 503),
  );
  return [...bad.map(line => JSON.stringify(line)), ...(/unhandled|uncaught|error/i.test(raw) ? [raw] : [])];
}
