/**
 * Appends lines to a file without holding anybody up: lines gather for a moment and are written together. The file is
 * bounded; when it has grown too large it becomes `.1` and a new one begins.
 */
import { appendFileSync, renameSync, statSync } from 'node:fs';

const FLUSH_MS = 100;
const FLUSH_BYTES = 256 * 1024;
const FILE_BYTES_MAX = 32 * 1024 * 1024;

export interface LineFile {
  write(line: string): void;
  /** Writes what is gathered; to be called before the process ends. */
  flush(): void;
}

/** Lines that cannot be written (a full disk) are dropped: telling must never stop what is told about. */
export function openLineFile(path: string): LineFile {
  let gathered = '';
  let timer: NodeJS.Timeout | undefined;
  let size = sizeOf(path);
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const text = gathered;
    gathered = '';
    if (text === '') return;
    try {
      if (size > FILE_BYTES_MAX) {
        renameSync(path, `${path}.1`);
        size = 0;
      }
      appendFileSync(path, text, { mode: 0o600 });
      size += text.length;
    } catch {}
  };
  return {
    write(line) {
      gathered += line;
      if (gathered.length >= FLUSH_BYTES) flush();
      else timer ??= setTimeout(flush, FLUSH_MS).unref();
    },
    flush,
  };
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
