/** What reads and writes cost (Developer Guide, "DynamoDB read and write operations"), and how answers say it. */
import type { Capacity, ConsumedCapacity, ReturnConsumedCapacity } from '@aws-sdk/client-dynamodb';
import type { Written } from '@stormglass/item-store';
import type { TableRecord } from '@stormglass/table-catalogue';

const READ_BYTES = 4096;
const WRITE_BYTES = 1024;
/** Items in transactions are read, and written, twice. */
export const TRANSACTION_COST = 2;
const EVENTUAL_COST = 0.5;

/** Units of a read of so many bytes, which may be none. */
export const readUnits = (bytes: number, isStrong: boolean): number =>
  Math.max(1, Math.ceil(bytes / READ_BYTES)) * (isStrong ? 1 : EVENTUAL_COST);

const writeUnits = (bytes: number): number => Math.max(1, Math.ceil(bytes / WRITE_BYTES));

/** What a call consumed of one table and its indexes. */
export class Consumption {
  readonly #table: TableRecord;
  readonly #kind: 'read' | 'write';
  #units = 0;
  readonly #indexes = new Map<string, number>();

  constructor(table: TableRecord, kind: 'read' | 'write') {
    this.#table = table;
    this.#kind = kind;
  }

  add(units: number, index?: string): this {
    if (index === undefined) this.#units += units;
    else this.#indexes.set(index, (this.#indexes.get(index) ?? 0) + units);
    return this;
  }

  /** @param cost times its usual price */
  addWrite({ before, after, indexes = {} }: Written, cost = 1): this {
    this.add(cost * writeUnits(Math.max(before, after)));
    for (const [index, units] of Object.entries(indexes)) this.add(cost * units, index);
    return this;
  }

  /** As the answer has it; nothing if it was not asked for. `isSplit`: reads and writes are told apart. */
  shown(asked: ReturnConsumedCapacity | undefined, isSplit = false): ConsumedCapacity | undefined {
    if (asked !== 'TOTAL' && asked !== 'INDEXES') return undefined;
    const capacity = (units: number): Capacity => ({
      CapacityUnits: units,
      ...(isSplit && (this.#kind === 'read' ? { ReadCapacityUnits: units } : { WriteCapacityUnits: units })),
    });
    let total = this.#units;
    for (const units of this.#indexes.values()) total += units;
    const shown = { TableName: this.#table.name, ...capacity(total) };
    if (asked === 'TOTAL') return shown;
    const locals: Record<string, Capacity> = {};
    const globals: Record<string, Capacity> = {};
    for (const [name, units] of this.#indexes) {
      const kind = this.#table.locals.some(each => each.name === name) ? locals : globals;
      kind[name] = capacity(units);
    }
    return {
      ...shown,
      Table: capacity(this.#units),
      ...(Object.keys(locals).length === 0 ? {} : { LocalSecondaryIndexes: locals }),
      ...(Object.keys(globals).length === 0 ? {} : { GlobalSecondaryIndexes: globals }),
    };
  }
}

/** What a call over several tables consumed. */
export class Consumptions {
  readonly #kind: 'read' | 'write';
  readonly #ofTables = new Map<string, Consumption>();

  constructor(kind: 'read' | 'write') {
    this.#kind = kind;
  }

  of(table: TableRecord): Consumption {
    let found = this.#ofTables.get(table.id);
    if (found === undefined) this.#ofTables.set(table.id, (found = new Consumption(table, this.#kind)));
    return found;
  }

  /** As a member of the answer; nothing if it was not asked for. */
  shown(asked: ReturnConsumedCapacity | undefined, isSplit = false): { ConsumedCapacity?: ConsumedCapacity[] } {
    if (asked !== 'TOTAL' && asked !== 'INDEXES') return {};
    return { ConsumedCapacity: [...this.#ofTables.values()].map(each => each.shown(asked, isSplit)!) };
  }
}
