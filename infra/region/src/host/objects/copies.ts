/**
 * What this zone is to have against what it has: the blobs that the index names beside those on the disk. Both come in the
 * order of their ids, in pages, so that a million of them cost one walk and no memory.
 */
import { type BlobFiles, storedBytesOf } from '@stormglass/blob-store';
import type { BlobEntry, ObjectIndexView } from '@stormglass/object-index';

export interface Difference {
  /** Blobs that belong here. */
  readonly wanted: number;
  /** Bytes of those of them that are here, as they are stored. */
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
  const named = new Pages<BlobEntry>(async after => view.blobs(after ?? '', PAGE));
  /** The next one that is named, if it is none of those behind `id`. */
  const next = async (id: string | undefined): Promise<BlobEntry | undefined> => {
    signal?.throwIfAborted();
    const blob = await named.peek();
    if (blob === undefined || (id !== undefined && blob.id > id)) return undefined;
    named.take();
    if (belongsIn(zone, blob)) wanted++;
    return blob;
  };
  const skipTo = async (id: string | undefined): Promise<BlobEntry | undefined> => {
    for (let blob = await next(id); blob !== undefined; blob = await next(id)) {
      if (blob.id === id) return blob;
      if (belongsIn(zone, blob)) missing.add(blob.id);
    }
    return undefined;
  };
  for await (const id of files.list()) {
    const blob = await skipTo(id);
    if (blob === undefined || !belongsIn(zone, blob)) unwanted.add(id);
    else storedBytes += storedBytesOf(blob.size);
  }
  await skipTo(undefined);
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
