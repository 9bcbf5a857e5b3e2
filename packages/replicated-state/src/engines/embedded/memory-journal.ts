/**
 * A journal in memory with the manners of a disk, for simulations and tests: what was not synced when the power went is
 * lost from the end, a write takes time, and a reading of it after a restart finds what was durable.
 */
import { invariant } from '@stormglass/base';
import type { Seq } from '../../log.ts';
import {
  type EpochRange,
  epochsUntil,
  type Journal,
  type JournalBase,
  type JournalEntry,
  withEpoch,
} from './journal.ts';

/** What survives a power cut. Hand the same one to the next `MemoryJournal` of the zone. */
export class MemoryDisk {
  logId: string | undefined;
  promised = 0;
  base: JournalBase = { seq: 0, epoch: 0 };
  entries: JournalEntry[] = [];
  epochs: readonly EpochRange[] = [];
  commitHint: Seq = 0;
  sound = true;
  /** Writes fail as on a disk without room. */
  isFull = false;
  /** Cut off by a power cut: writes under way in an older journal object no longer reach the disk. */
  generation = 0;

  /** Everything is gone: the disk was replaced. */
  lose(): void {
    this.logId = undefined;
    this.promised = 0;
    this.base = { seq: 0, epoch: 0 };
    this.entries = [];
    this.epochs = [];
    this.commitHint = 0;
    this.sound = true;
  }

  /** Loses the newest `count` entries although they were acknowledged: corruption, not a crash. */
  corrupt(count: number): void {
    if (count <= 0 || this.entries.length === 0) return;
    this.entries = this.entries.slice(0, -count);
    this.epochs = epochsUntil(this.epochs, this.entries.at(-1)?.seq ?? this.base.seq);
    this.sound = false;
  }
}

export class MemoryJournal implements Journal {
  readonly #disk: MemoryDisk;
  readonly #generation: number;
  readonly #sync: () => Promise<void>;

  /** `sync` takes as long as this disk takes to make a write durable. */
  constructor(disk: MemoryDisk, sync: () => Promise<void> = () => Promise.resolve()) {
    this.#disk = disk;
    this.#sync = sync;
    this.#generation = ++disk.generation;
  }

  get logId(): string | undefined {
    return this.#disk.logId;
  }
  get promised(): number {
    return this.#disk.promised;
  }
  get base(): JournalBase {
    return this.#disk.base;
  }
  get last(): Seq {
    return this.#disk.entries.at(-1)?.seq ?? this.#disk.base.seq;
  }
  get epochs(): readonly EpochRange[] {
    return this.#disk.epochs;
  }
  get commitHint(): Seq {
    return Math.min(Math.max(this.#disk.commitHint, this.base.seq), this.last);
  }
  get sound(): boolean {
    return this.#disk.sound;
  }

  async promise(epoch: number, logId: string, sound: boolean): Promise<void> {
    await this.#write(disk => {
      disk.promised = epoch;
      disk.logId = logId;
      disk.sound = sound;
    });
  }

  async append(entries: readonly JournalEntry[], commitHint: Seq): Promise<void> {
    invariant(entries.length === 0 || entries[0]!.seq === this.last + 1, 'journal: entries follow the last one');
    await this.#write(disk => {
      for (const entry of entries) {
        disk.entries.push(entry);
        disk.epochs = withEpoch(disk.epochs, entry.epoch, entry.seq);
      }
      disk.commitHint = Math.max(disk.commitHint, commitHint);
    });
  }

  async truncateAfter(seq: Seq): Promise<void> {
    await this.#write(disk => {
      disk.entries = disk.entries.filter(e => e.seq <= seq);
      disk.epochs = epochsUntil(disk.epochs, seq);
    });
  }

  async restart(base: JournalBase): Promise<void> {
    await this.#write(disk => {
      disk.entries = [];
      disk.epochs = [];
      disk.base = base;
      disk.commitHint = base.seq;
    });
  }

  async restore(): Promise<void> {
    await this.#write(disk => {
      disk.sound = true;
    });
  }

  async read(from: Seq, bytesMax: number): Promise<readonly JournalEntry[]> {
    const out: JournalEntry[] = [];
    let bytes = 0;
    for (
      let i = from - this.base.seq - 1;
      i < this.#disk.entries.length && (out.length === 0 || bytes < bytesMax);
      i++
    ) {
      out.push(this.#disk.entries[i]!);
      bytes += this.#disk.entries[i]!.payload.length;
    }
    return out;
  }

  async trim(through: Seq): Promise<void> {
    const { entries, base } = this.#disk;
    const dropped = entries[Math.min(through, this.last) - base.seq - 1];
    if (dropped === undefined) return;
    this.#disk.base = { seq: dropped.seq, epoch: dropped.epoch };
    this.#disk.entries = entries.slice(dropped.seq - base.seq);
    const kept = this.#disk.epochs.findLastIndex(range => range.from <= dropped.seq + 1);
    if (kept > 0) this.#disk.epochs = this.#disk.epochs.slice(kept);
  }

  async close(): Promise<void> {}

  async #write(change: (disk: MemoryDisk) => void): Promise<void> {
    await this.#sync();
    // After a power cut the write never happened, and nobody is left to hear of it.
    if (this.#generation !== this.#disk.generation) return new Promise(() => {});
    if (this.#disk.isFull) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    change(this.#disk);
  }
}
