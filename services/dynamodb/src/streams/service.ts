/**
 * The service DynamoDB Streams: what changed in the items of tables, for those who read it in order. It keeps nothing of its
 * own; the records are rows of the cells (`packages/item-store`), and streams are known to the catalogue of tables.
 */
import { loadService } from '@stormglass/aws-wire';
import { bindService, type Service } from '@stormglass/service-kit';
import { addChecksum } from '../answer-checksum.ts';
import type { StreamsDeps } from './deps.ts';
import { OPERATIONS } from './operations/index.ts';
import schema from './schema.json' with { type: 'json' };

/** Signed for `dynamodb` like DynamoDB itself: hosts tell them apart by target and host name. */
export function createDynamoDbStreamsService(deps: StreamsDeps): Service {
  const upToDate = (deadline: number) => deps.catalogue.upToDate(deadline);
  return bindService(loadService(schema), OPERATIONS, deps, {
    upToDate,
    isGlobal: false,
    after: (_request, response) => addChecksum(response),
  });
}
