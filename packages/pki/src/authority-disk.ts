/** Where a certificate authority keeps its keys and its ledger: a folder that only its owner may read. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWholeSync } from '@stormglass/base/whole-file';

export interface AuthorityDisk {
  read(name: string): string | undefined;
  /** Durable, and either all of it or nothing. */
  write(name: string, text: string): void;
  /** Appends a line to a file, durably. */
  append(name: string, line: string): void;
}

/** A folder as the authority's disk. */
export function authorityFolder(folder: string): AuthorityDisk {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = (name: string) => join(folder, name);
  return {
    read: name => (existsSync(path(name)) ? readFileSync(path(name), 'utf8') : undefined),
    write: (name, text) => writeWholeSync(path(name), text),
    append: (name, line) => appendFileSync(path(name), `${line}\n`, { mode: 0o600, flush: true }),
  };
}

/** A disk in memory, for tests. */
export function memoryDisk(): AuthorityDisk {
  const files = new Map<string, string>();
  return {
    read: name => files.get(name),
    write: (name, text) => void files.set(name, text),
    append: (name, line) => void files.set(name, `${files.get(name) ?? ''}${line}\n`),
  };
}
