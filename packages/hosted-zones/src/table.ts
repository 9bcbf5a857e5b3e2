/**
 * An ordered table of immutable records on a copy-on-write B-tree: a frozen copy shares all nodes with the table, and
 * the table copies a node the first time it changes it.
 */
import sortedBtree, { type default as BTreeModule } from 'sorted-btree';

type BTreeClass = typeof sortedBtree.default;
type Tree<Row> = BTreeModule.default<string, Row>;

// The package is CommonJS compiled from TypeScript: node hands out its exports, whose `default` is the class. A loader
// that unwraps such defaults hands out the class itself.
const exported: { readonly default: BTreeClass } | BTreeClass = sortedBtree;
const BTree = 'default' in exported ? exported.default : exported;

const compareKeys = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export class Table<Row> {
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

  set(key: string, row: Row): void {
    this.#tree.set(key, row);
  }

  delete(key: string): void {
    this.#tree.delete(key);
  }

  clear(): void {
    // A new tree rather than `clear`: frozen copies keep the old one.
    this.#tree = new BTree<string, Row>(undefined, compareKeys);
  }

  firstKey(): string | undefined {
    return this.#tree.minKey();
  }

  /** Rows in key order as of this call, whatever happens to the table while they are drawn. */
  frozen(): Iterable<Row> {
    return this.#tree.clone().values();
  }

  /** Rows whose key begins with `prefix`, in key order, from `from` on; valid until the next change. */
  *withPrefix(prefix: string, from: string = prefix): IterableIterator<Row> {
    for (const [key, row] of this.#tree.entries(from < prefix ? prefix : from)) {
      if (!key.startsWith(prefix)) return;
      yield row;
    }
  }

  /** Whether any key begins with `prefix`. */
  hasPrefix(prefix: string): boolean {
    const next = this.#tree.getPairOrNextHigher(prefix);
    return next?.[0].startsWith(prefix) === true;
  }
}
