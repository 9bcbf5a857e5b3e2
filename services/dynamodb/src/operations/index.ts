/** Every operation of DynamoDB, by what they are about, and where the service as a whole differs from AWS. */
import type { AnyOperation } from '@stormglass/service-kit';
import type { ItemDeps } from '../data/cells.ts';
import * as absences from './absences/index.ts';
import * as backups from './backups/index.ts';
import * as items from './items/index.ts';
import * as settings from './settings/index.ts';
import * as statements from './statements/index.ts';
import * as tables from './tables/index.ts';

export const GAPS: readonly string[] = [
  'A table is there as soon as its cells have its partitions, within a second; AWS takes several.',
  'Policies are told of leading keys, and not of attributes and the like (`dynamodb:Attributes`, `dynamodb:Select`).',
  'Each zone counts reads of provisioned tables by itself, against the whole rate: who asks all zones may read as often as there are zones.',
  'On-demand tables are never throttled, whatever their limits say.',
];

export const OPERATIONS: readonly AnyOperation<ItemDeps>[] = [
  ...Object.values(tables),
  ...Object.values(settings),
  ...Object.values(items),
  ...Object.values(backups),
  ...Object.values(statements),
  ...Object.values(absences),
];
