/**
 * Files that are there as a whole or as they were before, whenever the process or the machine ends: written beside,
 * flushed, renamed, and the folder flushed, so that the name survives as well.
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Of its owner alone. */
const PRIVATE = 0o600;

/** What is not the file yet; whoever reads a folder passes over names that end so. */
export const draftOf = (path: string): string => `${path}.new`;

/** @throws Error of the disk; the file is as it was then */
export function writeWholeSync(path: string, text: string, mode = PRIVATE): void {
  const draft = draftOf(path);
  try {
    writeFileSync(draft, text, { mode, flush: true });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/**
 * The same without holding up anybody, piece by piece.
 * @throws Error of the disk; the file is as it was then
 */
export async function writeWhole(path: string, pieces: Iterable<string | Uint8Array>, mode = PRIVATE): Promise<void> {
  const draft = draftOf(path);
  try {
    await flushed(draft, 'w', mode, async file => {
      for (const piece of pieces) await file.writeFile(piece);
    });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw error;
  }
  await flushed(dirname(path), 'r', undefined, async () => {});
}

async function flushed(
  path: string,
  flags: string,
  mode: number | undefined,
  use: (file: Awaited<ReturnType<typeof open>>) => Promise<void>,
): Promise<void> {
  const file = await open(path, flags, mode);
  try {
    await use(file);
    await file.sync();
  } finally {
    await file.close();
  }
}
