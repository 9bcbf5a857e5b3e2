/** The operations of S3, and what of the service as a whole differs from AWS. */
import type { AnyOperation } from '@stormglass/service-kit';
import type { S3Deps } from '../deps.ts';
import { BUCKET_OPERATIONS } from './buckets/index.ts';
import { CONFIGURATION_OPERATIONS } from './configuration/index.ts';
import { LIST_OPERATIONS } from './lists/index.ts';
import { OBJECT_SETTING_OPERATIONS } from './object-settings/index.ts';
import { OBJECT_OPERATIONS } from './objects/index.ts';

export const GAPS: readonly string[] = [
  'Names of buckets are compared with those of the other regions when a bucket is made; two regions that make one at the same moment both succeed.',
  'Access control lists take canonical user ids and groups; e-mail addresses are refused, and ids are not looked up.',
  'The owner of a bucket may read and write every object in it, also those that other accounts own.',
  'There are no access points, object lambdas, batch jobs, inventories, replication, website hosting and archive storage classes.',
  'Requester pays is refused: nobody pays.',
  'Lifecycle rules are carried out within an hour of their time, by the clock of the zone that looks first; AWS takes up to days.',
  'Events name the account of the bucket as the requester, and neither the request nor the address it came from.',
];

export const OPERATIONS: readonly AnyOperation<S3Deps>[] = [
  ...BUCKET_OPERATIONS,
  ...CONFIGURATION_OPERATIONS,
  ...LIST_OPERATIONS,
  ...OBJECT_OPERATIONS,
  ...OBJECT_SETTING_OPERATIONS,
];
