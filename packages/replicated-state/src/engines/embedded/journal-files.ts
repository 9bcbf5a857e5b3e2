/**
 * A zone's journal in files: segments of a few MiB, appended with one synchronous write a group commit, and a small
 * `meta.json` for what must not be lost with them (identity, promised epoch, base).
 *
 * Opening reads everything once. A short last record is a write that never completed, so it was never acknowledged: it
 * is cut off. Anything else that does not check out is corruption: it is cut off as well, and the copy is no longer
 * `sound`, because what was lost may have been acknowledged.
 */
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { invariant, type Logger } from '@stormglass/base';
import type { Seq } from '../../log.ts';
import {
  type EpochRange,
  epochsUntil,
  type Journal,
  type JournalBase,
  JournalCorrupt,
  type JournalEntry,
  withEpoch,
} from './journal.ts';
import { readRecord, recordBytes, recordHeader } from './journal-record.ts';

const SEGMENT_NAME = /^(\d{16})\.segment$/;
const SEGMENT_BYTES_MAX = 4 * 1024 * 1024;

interface Meta {
  readonly logId?: string | undefined;
  readonly promised: number;
  readonly base: JournalBase;
  readonly sound: boolean;
}

interface Segment {
  readonly first: Seq;
  readonly path: string;
  /** Where each record begins; `offsets[i]` belongs to entry `first + i`. */
  readonly offsets: number[];
  size: number;
}

/** Opens (or begins) the journal in `folder`. `beforeWrite` is asked before each write, and throws where it is to fail. */
export async function openJournal(
  folder: string,
  logger: Logger,
  beforeWrite: () => void = () => {},
): Promise<Journal> {
  await mkdir(folder, { recursive: true });
  const journal = new JournalFiles(folder, logger, beforeWrite);
  await journal.load();
  return journal;
}

class JournalFiles implements Journal {
  readonly #folder: string;
  readonly #logger: Logger;
  readonly #beforeWrite: () => void;
  #meta: Meta = { promised: 0, base: { seq: 0, epoch: 0 }, sound: true };
  #segments: Segment[] = [];
  #file: FileHandle | undefined;
  #last: Seq = 0;
  #epochs: readonly EpochRange[] = [];
  #commitHint: Seq = 0;

  constructor(folder: string, logger: Logger, beforeWrite: () => void) {
    this.#folder = folder;
    this.#logger = logger;
    this.#beforeWrite = beforeWrite;
  }

  get logId(): string | undefined {
    return this.#meta.logId;
  }
  get promised(): number {
    return this.#meta.promised;
  }
  get base(): JournalBase {
    return this.#meta.base;
  }
  get last(): Seq {
    return this.#last;
  }
  get epochs(): readonly EpochRange[] {
    return this.#epochs;
  }
  get commitHint(): Seq {
    return Math.min(this.#commitHint, this.#last);
  }
  get sound(): boolean {
    return this.#meta.sound;
  }

  async load(): Promise<void> {
    await this.#loadMeta();
    this.#last = this.base.seq;
    this.#commitHint = this.base.seq;
    const names = (await readdir(this.#folder)).filter(name => SEGMENT_NAME.test(name)).sort();
    for (const [i, name] of names.entries()) {
      const whole = await this.#loadSegment(name);
      if (whole) continue;
      // Nothing behind a damaged place can be trusted to follow it.
      for (const later of names.slice(i + 1)) {
        await this.#loseSoundness(`segment ${later} lies behind a damaged one`);
        await rm(join(this.#folder, later));
      }
      break;
    }
  }

  async promise(epoch: number, logId: string, sound: boolean): Promise<void> {
    invariant(epoch >= this.promised, 'a promised epoch never goes back');
    await this.#saveMeta({ ...this.#meta, promised: epoch, logId, sound });
  }

  async append(entries: readonly JournalEntry[], commitHint: Seq): Promise<void> {
    if (entries.length === 0) return;
    invariant(entries[0]!.seq === this.#last + 1, `journal: entry ${entries[0]!.seq} follows ${this.#last}`);
    this.#beforeWrite();
    const segment = await this.#openSegment();
    const pieces = entries.flatMap(entry => [recordHeader(entry, commitHint), entry.payload]);
    try {
      await writeAll(this.#file!, pieces, segment.size);
    } catch (error) {
      // A full disk may leave part of the write behind: the segment is cut back, and nothing was acknowledged.
      await this.#file!.truncate(segment.size).catch(() => {});
      throw error;
    }
    for (const entry of entries) {
      segment.offsets.push(segment.size);
      segment.size += recordBytes(entry);
      this.#epochs = withEpoch(this.#epochs, entry.epoch, entry.seq);
    }
    this.#last = entries.at(-1)!.seq;
    this.#commitHint = Math.max(this.#commitHint, commitHint);
  }

  async truncateAfter(seq: Seq): Promise<void> {
    invariant(seq >= this.base.seq, 'a journal is not truncated before its base');
    if (seq >= this.#last) return;
    await this.#closeFile();
    while (this.#segments.length > 0 && this.#segments.at(-1)!.first > seq) await rm(this.#segments.pop()!.path);
    const segment = this.#segments.at(-1);
    if (segment !== undefined) await this.#cut(segment, seq + 1 - segment.first);
    this.#last = seq;
    this.#epochs = epochsUntil(this.#epochs, seq);
  }

  async restart(base: JournalBase): Promise<void> {
    // Nothing is dropped where the new base could not be written down.
    this.#beforeWrite();
    await this.#closeFile();
    for (const segment of this.#segments.splice(0).reverse()) await rm(segment.path);
    this.#last = base.seq;
    this.#epochs = [];
    this.#commitHint = base.seq;
    await this.#saveMeta({ ...this.#meta, base });
  }

  async restore(): Promise<void> {
    if (!this.sound) await this.#saveMeta({ ...this.#meta, sound: true });
  }

  async read(from: Seq, bytesMax: number): Promise<readonly JournalEntry[]> {
    invariant(from > this.base.seq && from <= this.#last, `journal: ${from} is not held`);
    const segment = this.#segments.findLast(s => s.first <= from)!;
    const start = segment.offsets[from - segment.first]!;
    const wanted = Math.min(segment.size - start, Math.max(bytesMax, segmentRecordBytes(segment, from)));
    const bytes = Buffer.allocUnsafe(wanted);
    const file = await open(segment.path, 'r');
    try {
      await file.read(bytes, 0, wanted, start);
    } finally {
      await file.close();
    }
    const entries: JournalEntry[] = [];
    for (let offset = 0, seq = from; ; seq++) {
      const record = readRecord(bytes, offset, seq);
      if (record.kind === 'corrupt' || (record.kind === 'torn' && entries.length === 0)) {
        await this.#loseSoundness(`entry ${seq} cannot be read back`);
        throw new JournalCorrupt(`entry ${seq} cannot be read back`);
      }
      if (record.kind === 'torn') return entries;
      entries.push(record.entry);
      offset = record.end;
      if (offset === bytes.length) return entries;
    }
  }

  async trim(through: Seq): Promise<void> {
    while (this.#segments.length > 1 && this.#segments[1]!.first - 1 <= through) {
      const next = this.#segments[1]!;
      const epoch = this.#epochs.findLast(range => range.from < next.first)?.epoch ?? this.base.epoch;
      await this.#saveMeta({ ...this.#meta, base: { seq: next.first - 1, epoch } });
      await rm(this.#segments.shift()!.path);
    }
    const kept = this.#epochs.findLastIndex(range => range.from <= this.base.seq + 1);
    if (kept > 0) this.#epochs = this.#epochs.slice(kept);
  }

  close(): Promise<void> {
    return this.#closeFile();
  }

  async #loadMeta(): Promise<void> {
    const text = await readFile(join(this.#folder, 'meta.json'), 'utf8').catch(() => undefined);
    if (text === undefined) return;
    try {
      this.#meta = JSON.parse(text) as Meta;
    } catch {
      // Without its promises and its place in the log this is a fresh disk, and the sequencer takes it for one.
      this.#logger.warn('journal: meta.json is damaged; the journal begins anew', { folder: this.#folder });
      for (const name of await readdir(this.#folder)) await rm(join(this.#folder, name));
    }
  }

  async #saveMeta(meta: Meta): Promise<void> {
    this.#beforeWrite();
    const draft = join(this.#folder, 'meta.json.draft');
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(meta));
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(draft, join(this.#folder, 'meta.json'));
    this.#meta = meta;
  }

  async #loseSoundness(why: string): Promise<void> {
    this.#logger.warn('journal: corruption found', { why });
    await this.#saveMeta({ ...this.#meta, sound: false });
  }

  /** Reads one segment; false when it was damaged and had to be cut. */
  async #loadSegment(name: string): Promise<boolean> {
    const path = join(this.#folder, name);
    const first = Number(SEGMENT_NAME.exec(name)![1]);
    if (first <= this.base.seq) {
      // Left behind by a trim that was interrupted between writing the new base and removing the file.
      await rm(path);
      return true;
    }
    if (first !== this.#last + 1) {
      await this.#loseSoundness(`segment ${name} does not follow entry ${this.#last}`);
      await rm(path);
      return false;
    }
    const bytes = await readFile(path);
    const segment: Segment = { first, path, offsets: [], size: 0 };
    this.#segments.push(segment);
    while (segment.size < bytes.length) {
      const record = readRecord(bytes, segment.size, this.#last + 1);
      if (record.kind !== 'entry') {
        if (record.kind === 'corrupt') await this.#loseSoundness(`entry ${this.#last + 1} is corrupt`);
        await this.#cut(segment, segment.offsets.length);
        return false;
      }
      segment.offsets.push(segment.size);
      segment.size = record.end;
      this.#last = record.entry.seq;
      this.#epochs = withEpoch(this.#epochs, record.entry.epoch, record.entry.seq);
      this.#commitHint = Math.max(this.#commitHint, record.commitHint);
    }
    return true;
  }

  /** Cuts a segment back to its first `count` records. */
  async #cut(segment: Segment, count: number): Promise<void> {
    segment.size = segment.offsets[count] ?? segment.size;
    segment.offsets.length = count;
    const file = await open(segment.path, 'r+');
    try {
      await file.truncate(segment.size);
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  async #openSegment(): Promise<Segment> {
    const current = this.#segments.at(-1);
    if (current !== undefined && current.size < SEGMENT_BYTES_MAX) {
      this.#file ??= await open(current.path, appendFlags);
      return current;
    }
    await this.#closeFile();
    const first = this.#last + 1;
    const segment = {
      first,
      path: join(this.#folder, `${String(first).padStart(16, '0')}.segment`),
      offsets: [],
      size: 0,
    };
    this.#file = await open(segment.path, appendFlags, 0o600);
    this.#segments.push(segment);
    await syncFolder(this.#folder);
    return segment;
  }

  async #closeFile(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }
}

// With O_DSYNC a write returns when its bytes are on the disk: one system call where write and fdatasync would be two.
const appendFlags = constants.O_WRONLY | constants.O_CREAT | (constants.O_DSYNC ?? constants.O_SYNC);
const IOV_MAX = 1024;

async function writeAll(file: FileHandle, pieces: readonly Uint8Array[], at: number): Promise<void> {
  let position = at;
  for (let i = 0; i < pieces.length; i += IOV_MAX) {
    const slice = pieces.slice(i, i + IOV_MAX);
    const wanted = slice.reduce((sum, piece) => sum + piece.length, 0);
    const { bytesWritten } = await file.writev(slice, position);
    // A regular file takes less than asked for only when the disk has no more room.
    if (bytesWritten !== wanted) throw Object.assign(new Error('short write to the journal'), { code: 'ENOSPC' });
    position += wanted;
  }
}

/** Makes a newly created file's name durable; platforms that cannot sync a folder keep names safe by themselves. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  try {
    await handle?.sync().catch(() => {});
  } finally {
    await handle?.close();
  }
}

function segmentRecordBytes(segment: Segment, seq: Seq): number {
  const index = seq - segment.first;
  return (segment.offsets[index + 1] ?? segment.size) - segment.offsets[index]!;
}
