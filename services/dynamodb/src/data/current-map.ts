/** Finding a table, and doing something by its map of partitions, which may change at any time. */
import { sleep } from '@stormglass/base';
import type { Call } from '@stormglass/service-kit';
import type { TableRecord } from '@stormglass/table-catalogue';
import { requestedTable } from '../names.ts';
import type { ItemDeps } from './cells.ts';
import { isOutdated, noPlace, noSuchTable } from './errors.ts';

/**
 * A table that items can be read from and written to. What is not here may have been made in another zone a moment ago,
 * so the zone catches up once before it says so; without a quorum it says so at once.
 *
 * @throws AwsError ResourceNotFoundException
 */
export async function usableTable({ catalogue }: ItemDeps, call: Call, given: string): Promise<TableRecord> {
  const { accountId, name } = requestedTable(given, call);
  const find = () => {
    const table = catalogue.view.table(accountId, name);
    return table?.status === 'ACTIVE' || table?.status === 'UPDATING' ? table : undefined;
  };
  const here = find();
  if (here !== undefined) return here;
  await catalogue.upToDate(call.deadline).catch(() => {});
  const found = find();
  if (found === undefined) throw noSuchTable();
  return found;
}

const RETRY_MS = 10;
const RETRY_MS_MAX = 200;

/**
 * Does something by the maps of partitions as this zone has them, and again by newer ones for as long as they are found to
 * be wrong: a part of a partition may have moved to another cell, or be on its way.
 *
 * @param attempt counts from 0; from 1 on cells may have to be brought up to date, too
 */
export async function withCurrentMap<Result>(
  { catalogue, clock }: ItemDeps,
  call: Pick<Call, 'deadline'>,
  attempt: (number: number) => Promise<Result>,
): Promise<Result> {
  for (let number = 0; ; number++) {
    try {
      return await attempt(number);
    } catch (error) {
      if (!isOutdated(error)) throw error;
      const waitMs = Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** number);
      if (clock.monotonic() + waitMs >= call.deadline) throw noPlace(error);
      await catalogue.upToDate(call.deadline);
      if (number > 0) await sleep(clock, waitMs);
    }
  }
}
