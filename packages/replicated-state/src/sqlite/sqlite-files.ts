/** The files of a state in SQLite: the database, its write-ahead log, copies on their way out, and one on its way in. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const CHUNK_BYTES = 256 * 1024;

/** Where a peer's copy is gathered before it takes the place of the state. */
export const incomingPath = (path: string): string => `${path}.incoming`;

/** Where a copy for a peer is made. */
export const copyPath = (path: string, no: number): string => `${path}.copy-${no}`;

export const dropState = (path: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
};

/** Removes what a process that ended early left behind: copies, and a write-ahead log without its database. */
export function dropLeftovers(path: string): void {
  const folder = dirname(path);
  if (!existsSync(folder)) return;
  const own = basename(path);
  const isLeftover = (name: string) => name.startsWith(`${own}.incoming`) || name.startsWith(`${own}.copy-`);
  for (const name of readdirSync(folder)) if (isLeftover(name)) rmSync(join(folder, name), { force: true });
  if (!existsSync(path)) dropState(path);
}

export async function* readChunks(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES);
      if (bytesRead === 0) return;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** Writes bytes to a new file; durable when it resolves. */
export async function spool(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    for await (const chunk of bytes) await file.writeFile(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes durable what a file, if it is there, or a folder holds. */
export async function syncPath(path: string): Promise<void> {
  const file = await open(path, 'r').catch(() => undefined);
  try {
    await file?.sync();
  } finally {
    await file?.close();
  }
}
