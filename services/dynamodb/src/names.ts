/** Names of tables and streams: as requests give them, which may be ARNs, and the ARNs that answers give. */
import { parseArn } from '@stormglass/aws-wire';
import type { Caller } from '@stormglass/service-kit';
import type { StreamRecord, TableRecord } from '@stormglass/table-catalogue';
import { dynamoDbError, invalidValues, validationError } from './errors.ts';

type Place = Pick<Caller, 'partition' | 'region'>;

/** Whose table is meant. */
export interface TableName {
  readonly accountId: string;
  readonly name: string;
}

export const tableArn = ({ partition, region }: Place, { accountId, name }: TableName): string =>
  `arn:${partition}:dynamodb:${region}:${accountId}:table/${name}`;

export const indexArn = (place: Place, table: TableRecord, index: string): string =>
  `${tableArn(place, table)}/index/${index}`;

export const backupArn = (place: Place, table: TableName, stamp: string): string =>
  `${tableArn(place, table)}/backup/${stamp}`;

export const streamArn = (place: Place, { accountId, tableName }: StreamRecord, label: string): string =>
  `${tableArn(place, { accountId, name: tableName })}/stream/${label}`;

const PATTERN = /^[a-zA-Z0-9_.-]+$/;
const LENGTH = { min: 3, max: 255 };

/** @throws AwsError unless it is a name that tables and indexes can have; `label` is where it stands in the request */
export function checkName(name: string, label: string): void {
  const problems: string[] = [];
  if (!PATTERN.test(name)) problems.push('satisfy regular expression pattern: [a-zA-Z0-9_.-]+');
  if (name.length > LENGTH.max) problems.push(`have length less than or equal to ${LENGTH.max}`);
  if (name.length < LENGTH.min) problems.push(`have length greater than or equal to ${LENGTH.min}`);
  if (problems.length === 0) return;
  const count = problems.length === 1 ? '1 validation error' : `${problems.length} validation errors`;
  const texts = problems.map(rule => `Value '${name}' at '${label}' failed to satisfy constraint: Member must ${rule}`);
  throw validationError(`${count} detected: ${texts.join('; ')}`);
}

/**
 * The table that a `TableName` names, by its name or its ARN.
 * @throws AwsError when it is neither
 */
export function requestedTable(given: string, caller: Caller): TableName {
  if (!given.startsWith('arn:')) {
    checkName(given, 'tableName');
    return { accountId: caller.accountId, name: given };
  }
  const detected = (what: string) => validationError(`1 validation error detected: Invalid ${what} in '${given}'`);
  const arn = parseArn(given);
  if (arn?.service !== 'dynamodb') throw detected('AWS service');
  if (arn.partition !== caller.partition) throw detected('AWS partition');
  if (arn.region !== caller.region) throw detected('AWS region');
  const name = /^table\/([^/]+)$/.exec(arn.resource)?.[1];
  if (name === undefined) throw detected('resource type');
  checkName(name, 'tableName');
  return { accountId: arn.accountId, name };
}

/** A table, or one of its streams. */
export interface Resource extends TableName {
  readonly streamLabel?: string;
}

const RESOURCE = /^table\/([^/]+)(?:\/stream\/([^/]+))?$/;

/**
 * The table or stream that a `ResourceArn` names.
 * @throws AwsError when it is none
 */
export function requestedResource(given: string, caller: Pick<Caller, 'partition' | 'region'>): Resource {
  if (!given.startsWith('arn:')) throw invalidValues(`ARNs must start with 'arn:': ${given}`);
  const arn = parseArn(given);
  if (arn?.service !== 'dynamodb') throw invalidValues(`Provided Arn is not a DynamoDB resource arn: ${given}`);
  if (arn.partition !== caller.partition || arn.region !== caller.region)
    throw validationError(`Invalid TableArn: Invalid ResourceArn provided as input ${given}`);
  const [, name, streamLabel] = RESOURCE.exec(arn.resource) ?? [];
  if (name === undefined) {
    throw invalidValues(
      `Invalid resource arn provided, only table or stream is accepted. Provided resource arn: ${given}`,
    );
  }
  return { accountId: arn.accountId, name, ...(streamLabel !== undefined && { streamLabel }) };
}

/** A backup, by the table that it was made of and the end of its ARN. */
export interface BackupName extends TableName {
  readonly stamp: string;
}

const BACKUP = /^table\/([^/]+)\/backup\/([^/]+)$/;

/**
 * The backup that a `BackupArn` names.
 * @throws AwsError when it is none
 */
export function requestedBackup(given: string, caller: Pick<Caller, 'partition' | 'region'>): BackupName {
  const arn = parseArn(given);
  const [, name, stamp] = BACKUP.exec(arn?.resource ?? '') ?? [];
  const isHere = arn?.service === 'dynamodb' && arn.partition === caller.partition && arn.region === caller.region;
  if (!isHere || name === undefined || stamp === undefined) throw invalidValues(`Invalid BackupArn: ${given}`);
  return { accountId: arn.accountId, name, stamp };
}

/** @throws AwsError where only the owner of a resource may do something */
export function checkIsOwn({ accountId }: Resource, caller: Pick<Caller, 'accountId'>): void {
  if (accountId !== caller.accountId)
    throw validationError('This action is only supported by accounts that match the resource owner’s account.');
}

/** As tags and policies say that something is not there; the misspelling is DynamoDB's. */
export const noSuchResource = (arn: string) =>
  dynamoDbError('ResourceNotFoundException', `Requested resource not found: ResourcArn: ${arn} not found`);
