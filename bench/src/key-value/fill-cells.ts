/**
 * Puts items into the cells of a region that is down, by the commands that its zones would apply: through the front door
 * millions of them would take too long to measure anything afterwards. The other zones get copies of the first one's files,
 * and the places in the logs up to which they are good stay what they were.
 */
import { copyFileSync, globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { silentLogger } from '@stormglass/base';
import { ItemStore, keyHash, type Partition, type Write } from '@stormglass/item-store';
import { keyBytes } from '@stormglass/items';
import { itemOf, keyOf } from './key-value-requests.ts';

/** Writes to a command, and to a transaction of the file. */
const BATCH = 500;
/** No divisor of any count that is asked for. */
const PRIME = 7_919;

/** Those numbered from `from` up to, not including, `to`, in an order that is none of their keys. */
export async function fillCells(folder: string, from: number, to: number): Promise<void> {
  const [first, ...others] = filesOf(folder);
  const cells = first!.map(path => new Cell(path));
  const count = to - from;
  for (let i = 0; i < count; i++) {
    const number = from + ((i * PRIME) % count);
    const hash = keyHash(keyBytes(keyOf(number).pk));
    cells.find(cell => cell.put(hash, number));
    // The files are brought up to date beside this.
    if (i % (8 * BATCH) === 0) await new Promise(setImmediate);
  }
  for (const cell of cells) await cell.close();
  for (const zone of others)
    for (const [i, path] of zone.entries()) {
      for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
      copyFileSync(first![i]!, path);
    }
}

/** The files of the cells, zone by zone. */
export const filesOf = (folder: string): string[][] =>
  globSync(join(folder, 'zones', '*'))
    .sort()
    .map(zone => globSync(join(zone, '**', 'items-*.sqlite')).sort());

class Cell {
  readonly #store: ItemStore;
  readonly #partitions: readonly Partition[];
  #writes: Write[] = [];

  constructor(path: string) {
    const name = /(items-\d+)\.sqlite$/.exec(path)![1]!;
    this.#store = ItemStore.open({ name, path, logger: silentLogger });
    this.#partitions = this.#store.view.partitions();
  }

  /** False where the item belongs to another cell. */
  put(hash: number, number: number): boolean {
    const at = this.#partitions.find(({ from, to }) => from <= hash && hash < to);
    if (at === undefined) return false;
    this.#writes.push({ op: 'put', partition: at.id, item: itemOf(number) });
    if (this.#writes.length === BATCH) this.#flush();
    return true;
  }

  async close(): Promise<void> {
    this.#flush();
    await this.#store.stored.close();
  }

  #flush(): void {
    const { stored } = this.#store;
    const position = stored.position!;
    stored.begin();
    const result = this.#store.apply(position, { type: 'WriteItems', writes: this.#writes });
    if (!result.ok) throw new Error(result.message);
    stored.commit(position, [], 0);
    this.#writes = [];
  }
}
