/** SELECT as the queries or the scan that it is, page by page. */
import type { Page } from '@stormglass/item-store';
import { PAGE_BYTES_MAX, rangeOfCondition, rangeOfHashes } from '@stormglass/item-store';
import {
  type Condition,
  filterOf,
  InvalidInput,
  type Item,
  type KeyRange,
  type Projection,
  readsOf,
  type SelectStatement,
  selectionOf,
} from '@stormglass/items';
import type { Call } from '@stormglass/service-kit';
import type { PartitionPlace, TableRecord } from '@stormglass/table-catalogue';
import { Consumption } from '../capacity.ts';
import { hashesOf, type ItemDeps, placeOf } from '../cells.ts';
import { usableTable, withCurrentMap } from '../current-map.ts';
import { INVALID } from '../errors.ts';
import { freshen, positionOf, rowsOf } from '../read-rows.ts';
import { isWholeWanted, projectedBy, type Target, targetOf } from '../read-target.ts';
import { addPage, textsOf } from '../shown-page.ts';
import { checkStartKey, checkWithin, lastKey } from '../start-key.ts';
import type { GivenStatement } from './given-statement.ts';
import { type Position, validOr } from './next-token.ts';

export type GivenSelect = Pick<GivenStatement, 'parameters'> & { readonly statement: SelectStatement };

export interface ReadOptions {
  readonly isStrong: boolean;
  /** Items that are looked at. */
  readonly limit: number | undefined;
  readonly from: Position;
}

export interface StatementPage {
  readonly texts: readonly string[];
  readonly next: Position | undefined;
  readonly consumption: Consumption;
}

/** @throws AwsError, InvalidInput, LogUnavailable */
export function readStatement(
  deps: ItemDeps,
  call: Call,
  { statement, parameters }: GivenSelect,
  options: ReadOptions,
): Promise<StatementPage> {
  const { where, order, target: named } = statement;
  const projection = selectionOf(statement);
  const filter = where && filterOf(where, parameters);
  return withCurrentMap(deps, call, async attempt => {
    const table = await usableTable(deps, call, named.table);
    const target = statementTarget(table, named.index, options.isStrong);
    const { ranges, isReverse } = readsOf(where, order, target.schema, parameters);
    checkFilter(filter, target);
    const isWhole = isWholeWanted(target, undefined, projection);
    const reads = ranges ?? [undefined];
    if (options.from.read >= reads.length) throw new InvalidInput('Invalid NextToken');
    const reader = new Reader(deps, call, { target, filter, projection, isReverse, isWhole, attempt }, options);
    return reader.read(reads);
  });
}

interface Plan {
  readonly target: Target;
  readonly filter: Condition | undefined;
  readonly projection: Projection | undefined;
  readonly isReverse: boolean;
  readonly isWhole: boolean;
  readonly attempt: number;
}

/** Reads one range after the other until the page is full. */
class Reader {
  readonly #deps: ItemDeps;
  readonly #call: Call;
  readonly #plan: Plan;
  readonly #options: ReadOptions;

  constructor(deps: ItemDeps, call: Call, plan: Plan, options: ReadOptions) {
    this.#deps = deps;
    this.#call = call;
    this.#plan = plan;
    this.#options = options;
  }

  async read(ranges: readonly (KeyRange | undefined)[]): Promise<StatementPage> {
    const { target } = this.#plan;
    const { from, limit = Number.POSITIVE_INFINITY, isStrong } = this.#options;
    const consumption = new Consumption(target.table, 'read');
    const texts: string[] = [];
    let rows = 0;
    let size = 0;
    for (let read = from.read; read < ranges.length; read++) {
      const start = read === from.read ? from.key : undefined;
      const page = await this.#page(ranges[read], start, limit - rows);
      for (const text of textsOf(page.rows, this.#plan)) texts.push(text);
      addPage(consumption, page, { target, isStrong, isWhole: this.#plan.isWhole });
      rows += page.rows.length;
      size += page.size;
      const last = page.isCut ? page.rows.at(-1) : undefined;
      if (last !== undefined) {
        const key = lastKey(JSON.parse(last.item) as Item, target);
        return { texts, consumption, next: { read, key } };
      }
      const isFull = rows >= limit || size >= PAGE_BYTES_MAX;
      if (isFull && read + 1 < ranges.length) return { texts, consumption, next: { read: read + 1 } };
    }
    return { texts, consumption, next: undefined };
  }

  async #page(range: KeyRange | undefined, start: Item | undefined, limit: number): Promise<Page> {
    const { target, isReverse, isWhole, attempt } = this.#plan;
    const partitions = partitionsOf(target, range);
    if (this.#options.isStrong || attempt > 0) await freshen(this.#deps, this.#call, partitions, attempt);
    const all = hashesOf(0, 1);
    const stored = range === undefined ? rangeOfHashes(all.from, all.to) : rangeOfCondition(range);
    if (start !== undefined) validOr(() => checkStartKey(start, target));
    const after = start && positionOf(this.#deps, target, start);
    if (after !== undefined && range !== undefined) validOr(() => checkWithin(stored, after));
    return rowsOf(this.#deps, {
      ...{ target, range: stored, partitions, isReverse, isWhole, after },
      limit: Number.isFinite(limit) ? limit : undefined,
      isStrong: this.#options.isStrong,
    });
  }
}

/** A table and its local indexes have one hash key, and so has the one partition that is asked. */
function partitionsOf({ table, index }: Target, range: KeyRange | undefined): readonly PartitionPlace[] {
  if (range === undefined || index?.isLocal === false) return table.partitions;
  return [placeOf(table, { [table.schema.hash.name]: range.hash })];
}

/** Of indexes statements speak in other words than Query does. @throws InvalidInput */
function statementTarget(table: TableRecord, index: string | undefined, isStrong: boolean): Target {
  const isGlobal = table.globals.some(({ name }) => name === index);
  if (index !== undefined && !isGlobal && !table.locals.some(({ name }) => name === index))
    throw new InvalidInput('The table does not have the specified index');
  if (isGlobal && isStrong)
    throw new InvalidInput('Strongly consistent read is not supported on Global Secondary Indexes');
  return targetOf(table, index, isStrong);
}

/** @throws InvalidInput when it looks at what the index does not have */
function checkFilter(filter: Condition | undefined, target: Target): void {
  const has = projectedBy(target);
  const missing = has && [...(filter?.attributes ?? [])].filter(attribute => !has.has(attribute));
  if (missing !== undefined && missing.length > 0)
    throw new InvalidInput(
      `${INVALID}Secondary index ${target.index?.record.name} does not project one or more filter attributes: [${missing.join(', ')}]`,
    );
}
