/** Finding the table that a call is about. */
import type { Call } from '@stormglass/service-kit';
import { noSuchTable, type ResourcePolicy, type TableRecord, type Tag } from '@stormglass/table-catalogue';
import type { DynamoDbDeps } from './deps.ts';
import { dynamoDbError } from './errors.ts';
import { noSuchResource, requestedResource, requestedTable } from './names.ts';

/** @throws AwsError when there is none */
export function findTable({ catalogue }: DynamoDbDeps, call: Call, given: string): TableRecord {
  const { accountId, name } = requestedTable(given, call);
  const table = catalogue.view.table(accountId, name);
  if (table === undefined) throw dynamoDbError('ResourceNotFoundException', noSuchTable(name));
  return table;
}

/** The table or stream that an ARN names. @throws AwsError when there is none */
export function findResource(
  { catalogue }: DynamoDbDeps,
  call: Call,
  arn: string,
): { readonly policy?: ResourcePolicy; readonly tags?: readonly Tag[] } {
  const { accountId, name, streamLabel } = requestedResource(arn, call);
  const { view } = catalogue;
  const found = streamLabel === undefined ? view.table(accountId, name) : view.stream(accountId, name, streamLabel);
  if (found === undefined) throw noSuchResource(arn);
  return found;
}
