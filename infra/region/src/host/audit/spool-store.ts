/**
 * Where a spool keeps its segments: pieces of text that are appended to and removed as a whole. Files here; a simulation
 * has memory that survives power cuts.
 */
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { BeforeWrite } from '@stormglass/faults';

export interface SpoolStore {
  /** Numbers of the segments there are, the oldest first. */
  segments(): readonly number[];
  read(segment: number): string;
  /**
   * Resolved with its return: from then on the text outlives the process.
   * @throws Error when it could not be written, or not all of it
   */
  append(segment: number, text: string): void;
  remove(segment: number): void;
}

const NAME = /^(\d{12})\.events$/;
const nameOf = (segment: number): string => `${String(segment).padStart(12, '0')}.events`;

/**
 * Segments as files of `folder`. Writes are synchronous, because a small one to the page cache takes less time than
 * handing it to another thread, and are not flushed to the device: the death of processes is what they must survive.
 */
export function spoolFiles(folder: string, beforeWrite: BeforeWrite = () => {}): SpoolStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let open: { readonly segment: number; readonly file: number } | undefined;
  const close = () => {
    if (open !== undefined) closeSync(open.file);
    open = undefined;
  };
  const fileOf = (segment: number): number => {
    if (open?.segment !== segment) {
      close();
      open = { segment, file: openSync(join(folder, nameOf(segment)), 'a', 0o600) };
    }
    return open.file;
  };
  return {
    segments: () =>
      readdirSync(folder)
        .map(name => NAME.exec(name)?.[1])
        .filter(found => found !== undefined)
        .map(Number)
        .sort((a, b) => a - b),
    read: segment => readFileSync(join(folder, nameOf(segment)), 'utf8'),
    append(segment, text) {
      beforeWrite();
      const bytes = Buffer.from(text);
      const file = fileOf(segment);
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    },
    remove(segment) {
      if (open?.segment === segment) close();
      rmSync(join(folder, nameOf(segment)), { force: true });
    },
  };
}
