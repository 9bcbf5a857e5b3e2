/** Where a certificate authority keeps its keys and its ledger: a folder that only its owner may read. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

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
  const put = (file: string, flags: string, text: string) => {
    const fd = openSync(file, flags, 0o600);
    try {
      writeSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  };
  return {
    read: name => (existsSync(path(name)) ? readFileSync(path(name), 'utf8') : undefined),
    write(name, text) {
      put(path(`${name}.new`), 'w', text);
      renameSync(path(`${name}.new`), path(name));
      const fd = openSync(folder, 'r');
      fsyncSync(fd);
      closeSync(fd);
    },
    append: (name, line) => put(path(name), 'a', `${line}\n`),
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
