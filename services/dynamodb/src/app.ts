/**
 * The DynamoDB service: its operations bound to the zone's replica of the catalogue of tables. That state (`state.ts` of
 * this service, as it were) lives in `packages/table-catalogue`, and the items in `packages/item-store`.
 */
import { loadService } from '@stormglass/aws-wire';
import { bindService, type Service } from '@stormglass/service-kit';
import schema from '../schema.json' with { type: 'json' };
import { addChecksum } from './answer-checksum.ts';
import type { ItemDeps } from './data/cells.ts';
import { ReadBudgets } from './data/read-budgets.ts';
import { OPERATIONS } from './operations/index.ts';

/** What a batch may have (API Reference, BatchWriteItem). */
const REQUEST_BYTES_MAX = 16 * 1024 * 1024;

export function createDynamoDbService(deps: ItemDeps): Service {
  const upToDate = (deadline: number) => deps.catalogue.upToDate(deadline);
  const readBudgets = new ReadBudgets(deps.clock);
  return bindService(
    loadService(schema),
    OPERATIONS,
    { ...deps, readBudgets },
    {
      upToDate,
      isGlobal: false,
      bodyBytesMax: REQUEST_BYTES_MAX,
      after: (_request, response) => addChecksum(response),
    },
  );
}
