/** Global indexes as they are asked for, checked and made records. */
import type { KeyAttribute } from '@stormglass/items';
import { checkedProjection, checkedSchema } from './check-keys.ts';
import type { IndexInput } from './commands.ts';
import type { BillingMode, GlobalIndexRecord } from './records.ts';
import { invalid } from './result.ts';
import { checkOnDemand, checkUnits, ON_DEMAND } from './throughput.ts';

/** What surrounds a new index. */
export interface IndexContext {
  readonly attributes: readonly KeyAttribute[];
  readonly billing: BillingMode;
  readonly now: number;
}

/** @throws Refused */
export function newGlobalIndex(
  index: IndexInput,
  id: number,
  { attributes, billing }: IndexContext,
): GlobalIndexRecord {
  const { name, keys, projection, throughput, onDemand } = index;
  const schema = checkedSchema(keys, attributes);
  const projected = checkedProjection(projection);
  if (billing === 'PROVISIONED' && throughput === undefined)
    invalid(`ProvisionedThroughput is not specified for index: ${name}`);
  if (billing === 'PAY_PER_REQUEST' && throughput !== undefined)
    invalid(`ProvisionedThroughput should not be specified for index: ${name} when BillingMode is PAY_PER_REQUEST`);
  if (throughput !== undefined) checkUnits(throughput);
  checkOnDemand(onDemand, billing, name);
  return {
    ...{ id, name, schema, projection: projected, status: 'CREATING', isBackfilling: false },
    throughput: throughput === undefined ? ON_DEMAND : { ...throughput, decreases: 0 },
    ...(onDemand && { onDemand }),
  };
}
