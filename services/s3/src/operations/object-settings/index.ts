/** What objects are set to, beside what was said when they were made. */
import type { AnyOperation } from '@stormglass/service-kit';
import type { S3Deps } from '../../deps.ts';
import { deleteObjectTagging } from './delete-object-tagging.ts';
import { getObjectAcl } from './get-object-acl.ts';
import { getObjectLegalHold } from './get-object-legal-hold.ts';
import { getObjectRetention } from './get-object-retention.ts';
import { getObjectTagging } from './get-object-tagging.ts';
import { putObjectAcl } from './put-object-acl.ts';
import { putObjectLegalHold } from './put-object-legal-hold.ts';
import { putObjectRetention } from './put-object-retention.ts';
import { putObjectTagging } from './put-object-tagging.ts';
import { renameObject } from './rename-object.ts';

export const OBJECT_SETTING_OPERATIONS: readonly AnyOperation<S3Deps>[] = [
  deleteObjectTagging,
  getObjectAcl,
  getObjectLegalHold,
  getObjectRetention,
  getObjectTagging,
  putObjectAcl,
  putObjectLegalHold,
  putObjectRetention,
  putObjectTagging,
  renameObject,
];
