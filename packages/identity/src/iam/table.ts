/**
 * An ordered table of immutable records on a copy-on-write B-tree. A frozen copy costs nothing to begin: it shares all
 * nodes with the table, and the table copies a node the first time it changes it.
 */
import sortedBtree, { type default as BTreeModule } from 'sorted-btree';

type BTreeClass = typeof sortedBtree.default;
type Tree<Row> = BTreeModule.default<string, Row>;

// The package is CommonJS compiled from TypeScript: node hands out its exports, whose `default` is the class. A loader
// that unwraps such defaults hands out the class itself.
const exported: { readonly default: BTreeClass } | BTreeClass = sortedBtree;
const BTree = 'default' in exported ? exported.default : exported;

export interface PageRequest {
  /** Key of the last record already seen; the page begins behind it. */
  readonly afterKey?: string | undefined;
  readonly max: number;
}

export interface Page<Row> {
  readonly items: readonly Row[];
  /** Where the next page begins; absent on the last one. */
  readonly nextKey?: string;
}

const compareKeys = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Hears what a row was and what it is now; undefined: there was, or is, none. */
export type TableWatch = (before: unknown, after: unknown) => void;

export class Table<Row> {
  #watch: TableWatch | undefined;
  #tree: Tree<Row> = new BTree<string, Row>(undefined, compareKeys);

  get size(): number {
    return this.#tree.size;
  }

  get(key: string): Row | undefined {
    return this.#tree.get(key);
  }

  has(key: string): boolean {
    return this.#tree.has(key);
  }

  /** The row with the highest key. */
  last(): Row | undefined {
    const key = this.#tree.maxKey();
    return key === undefined ? undefined : this.#tree.get(key);
  }

  set(key: string, row: Row): void {
    this.#watch?.(this.#tree.get(key), row);
    this.#tree.set(key, row);
  }

  delete(key: string): void {
    this.#watch?.(this.#tree.get(key), undefined);
    this.#tree.delete(key);
  }

  /** Tells of each row that is set or deleted from now on, before it is; `clear` is not told. */
  watch(watch: TableWatch): void {
    this.#watch = watch;
  }

  clear(): void {
    // A new tree rather than `clear`: frozen copies keep the old one.
    this.#tree = new BTree<string, Row>(undefined, compareKeys);
  }

  /** Rows in key order as of this call, whatever happens to the table while they are drawn. */
  frozen(): Iterable<Row> {
    return this.#tree.clone().values();
  }

  /** Rows whose key begins with `prefix`, in key order; valid until the next change. */
  *withPrefix(prefix: string, afterKey?: string): IterableIterator<[key: string, row: Row]> {
    for (const [key, row] of this.#tree.entries(afterKey ?? prefix)) {
      if (key === afterKey) continue;
      if (!key.startsWith(prefix)) return;
      yield [key, row];
    }
  }

  /** One page of the rows under `prefix` that `wanted` accepts. */
  page(prefix: string, request: PageRequest, wanted: (row: Row) => boolean): Page<Row> {
    const items: Row[] = [];
    let lastKey = '';
    for (const [key, row] of this.withPrefix(prefix, request.afterKey)) {
      if (!wanted(row)) continue;
      // One row more than asked for tells that there is a next page.
      if (items.length === request.max) return { items, nextKey: lastKey };
      items.push(row);
      lastKey = key;
    }
    return { items };
  }
}
