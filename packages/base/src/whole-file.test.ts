/** Files that are whole: what is in the folder after a write, and after one that failed. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { draftOf, writeWhole, writeWholeSync } from './whole-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whole-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.each([
  ['at once', async (path: string, text: string, mode?: number) => writeWholeSync(path, text, mode)],
  ['in pieces', (path: string, text: string, mode?: number) => writeWhole(path, text, mode)],
])('%s', (_how, write) => {
  it('writes, and puts another text in the place of the first', async () => {
    const path = join(folder, 'file');
    await write(path, 'a longer text');
    await write(path, 'short');
    expect(readFileSync(path, 'utf8')).toBe('short');
    expect(readdirSync(folder)).toEqual(['file']);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('lets others read what they may', async () => {
    const path = join(folder, 'file');
    await write(path, 'text', 0o640);
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  it('takes over what was left of a write that never ended', async () => {
    const path = join(folder, 'file');
    writeFileSync(draftOf(path), 'left over, and longer');
    chmodSync(draftOf(path), 0o600);
    await write(path, 'text');
    expect(readFileSync(path, 'utf8')).toBe('text');
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('leaves everything as it was when it fails', async () => {
    const path = join(folder, 'taken');
    mkdirSync(join(path, 'inside'), { recursive: true });
    await expect(write(path, 'text')).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(['taken']);
    await expect(write(join(folder, 'nowhere', 'file'), 'text')).rejects.toThrow('ENOENT');
  });
});
