/**
 * What may still be read of provisioned tables and their global indexes: a budget for each partition, filled at its share
 * of the table's rate, with what comes in five minutes saved up (Developer Guide, "Burst capacity"). A read may overdraw
 * it, because how large its items are is known only afterwards; the next one waits until it is made up for.
 *
 * Reads are no commands, so each zone has budgets of its own, of the whole rate: nobody is refused what was paid for,
 * whichever zone is asked, and who asks all of them may read as often as there are zones.
 */
import { AwsError } from '@stormglass/aws-wire';
import type { Clock } from '@stormglass/base';
import type { GlobalIndexRecord, PartitionPlace, TableRecord, Throughput } from '@stormglass/table-catalogue';

const BURST_SECONDS = 300;
/** Beyond so many budgets those that are full again go. */
const BUDGETS_MAX = 4096;

const OF_TABLE =
  'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.';
const OF_INDEXES =
  'The level of configured provisioned throughput for one or more global secondary indexes of the table was exceeded. Consider increasing your provisioning level for the under-provisioned global secondary indexes with the UpdateTable API';

/** A partition of a table, or of one of its global indexes. */
export interface ReadPlace {
  readonly table: TableRecord;
  readonly place: PartitionPlace;
  readonly index?: GlobalIndexRecord | undefined;
}

interface Budget {
  /** As of `at`, in monotonic ms. */
  units: number;
  at: number;
  perSecond: number;
}

export class ReadBudgets {
  readonly #clock: Clock;
  readonly #budgets = new Map<string, Budget>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isExceeded(of: ReadPlace): boolean {
    const perSecond = rateOf(of);
    return perSecond !== undefined && this.#left(keyOf(of), perSecond) <= 0;
  }

  /** @throws AwsError when another read has used up what there was */
  check(of: ReadPlace): void {
    if (this.isExceeded(of)) throw exceeded(of);
  }

  take(of: ReadPlace, units: number): void {
    const perSecond = rateOf(of);
    if (perSecond === undefined || units === 0) return;
    const key = keyOf(of);
    this.#budgets.set(key, {
      units: this.#left(key, perSecond) - units,
      at: this.#clock.monotonic(),
      perSecond,
    });
    if (this.#budgets.size > BUDGETS_MAX) this.#prune();
  }

  #left(key: string, perSecond: number): number {
    const budget = this.#budgets.get(key);
    const full = perSecond * BURST_SECONDS;
    if (budget === undefined) return full;
    const seconds = (this.#clock.monotonic() - budget.at) / 1000;
    return Math.min(full, budget.units + seconds * perSecond);
  }

  #prune(): void {
    for (const [key, { perSecond }] of this.#budgets)
      if (this.#left(key, perSecond) >= perSecond * BURST_SECONDS) this.#budgets.delete(key);
  }
}

export const exceeded = ({ index }: Pick<ReadPlace, 'index'>): AwsError =>
  new AwsError('ProvisionedThroughputExceededException', 400, index === undefined ? OF_TABLE : OF_INDEXES);

/** The partition's share, in units a second; undefined where nothing is provisioned. */
function rateOf({ table, index }: ReadPlace): number | undefined {
  const { read }: Throughput = index?.throughput ?? table.throughput;
  return read === 0 ? undefined : Math.max(1, read / table.partitions.length);
}

const keyOf = ({ place, index }: ReadPlace): string => `${place.id}/${index?.id ?? 0}`;
