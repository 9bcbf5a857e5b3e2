/**
 * What this zone is to have against what it has: the blobs that the index names beside those on the disk. Both come in the
 * order of their ids, in pages, so that a million of them cost one walk and no memory.
 */
import type { BlobFiles, BlobListEntry } from '@stormglass/blob-store';
import type { BlobEntry, ObjectIndexView } from '@stormglass/object-index';

export interface Difference {
  /** Blobs that belong here. */
  readonly wanted: number;
  readonly storedBytes: number;
  /** Wanted, and not on the disk: the first of them. */
  readonly missing: readonly string[];
  readonly missingCount: number;
  /** On the disk, and not wanted. */
  readonly unwanted: readonly string[];
  readonly unwantedCount: number;
}

const PAGE = 500;
/** More differences than this are counted, and met in the next walk. */
const NAMED_MAX = 20_000;

/** Whether a copy of a blob belongs on the disk of a zone. */
export const belongsIn = (zone: string, blob: BlobEntry | undefined): boolean =>
  blob !== undefined && (blob.zone === undefined || blob.zone === zone);

export interface CopiesOf {
  readonly zone: string;
  readonly view: Pick<ObjectIndexView, 'blobs'>;
  readonly files: Pick<BlobFiles, 'list'>;
}

/** Walks through both once. What changes meanwhile may be told either way: who acts on it looks again. */
export async function compareCopies({ zone, view, files }: CopiesOf, signal?: AbortSignal): Promise<Difference> {
  const missing = new Found();
  const unwanted = new Found();
  let wanted = 0;
  let storedBytes = 0;
  const onDisk = new Pages<BlobListEntry>(after => files.list(after, PAGE));
  const named = new Pages<BlobEntry>(async after => view.blobs(after ?? '', PAGE));
  for (;;) {
    signal?.throwIfAborted();
    const [disk, blob] = [await onDisk.peek(), await named.peek()];
    if (disk === undefined && blob === undefined) break;
    const isOnDisk = disk !== undefined && (blob === undefined || disk.id <= blob.id);
    const isNamed = blob !== undefined && (disk === undefined || blob.id <= disk.id);
    if (isOnDisk) {
      onDisk.take();
      storedBytes += disk.storedBytes;
    }
    if (isNamed) named.take();
    const isWanted = isNamed && belongsIn(zone, blob);
    if (isWanted) wanted++;
    if (isWanted && !isOnDisk) missing.add(blob.id);
    if (isOnDisk && !isWanted) unwanted.add(disk.id);
  }
  return {
    ...{ wanted, storedBytes, missing: missing.ids, missingCount: missing.count },
    ...{ unwanted: unwanted.ids, unwantedCount: unwanted.count },
  };
}

class Found {
  readonly ids: string[] = [];
  count = 0;
  add(id: string): void {
    this.count++;
    if (this.ids.length < NAMED_MAX) this.ids.push(id);
  }
}

/** Items of an ordered list, page by page. */
class Pages<Item extends { readonly id: string }> {
  readonly #next: (after: string | undefined) => Promise<readonly Item[]>;
  #page: readonly Item[] = [];
  #index = 0;
  #after: string | undefined;
  #isLast = false;

  constructor(next: (after: string | undefined) => Promise<readonly Item[]>) {
    this.#next = next;
  }

  /** Undefined at the end. */
  async peek(): Promise<Item | undefined> {
    if (this.#index === this.#page.length && !this.#isLast) {
      this.#page = await this.#next(this.#after);
      this.#index = 0;
      this.#after = this.#page.at(-1)?.id;
      this.#isLast = this.#page.length < PAGE;
    }
    return this.#page[this.#index];
  }

  take(): void {
    this.#index++;
  }
}
