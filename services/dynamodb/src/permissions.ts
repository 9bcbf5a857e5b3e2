/**
 * What the operations of DynamoDB must be allowed on, whose it is, and with which condition keys (Service Authorization
 * Reference, "Amazon DynamoDB"). Permissions are asked before the input is validated, so every member may be missing here.
 */
import { parseArn } from '@stormglass/aws-wire';
import type { Caller, ConditionKeys, RequiredPermission, ResourceOwner } from '@stormglass/service-kit';
import type { ResourcePolicy, TableRecord } from '@stormglass/table-catalogue';
import type { DynamoDbDeps } from './deps.ts';
import { type TableName, tableArn } from './names.ts';
import { compiledPolicy } from './policies.ts';

type Permission<Input> = RequiredPermission<Input, DynamoDbDeps>;

interface NamesTable {
  readonly TableName?: string | undefined;
}

interface NamesResource {
  readonly ResourceArn?: string | undefined;
}

interface Tagged {
  readonly Tags?: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined;
  readonly TagKeys?: readonly string[] | undefined;
}

export const onEverything: Permission<unknown> = { resource: () => '*' };

/** Of a table that is there: its tags count, and so does its policy, also for callers of other accounts. */
export const onTable: Permission<NamesTable> = {
  resource: ({ TableName = '*' }, caller) => arnOf(TableName, caller),
  owner: ({ TableName = '' }, caller, deps) => {
    const named = givenName(TableName, caller);
    return named && { account: named.accountId, ...policyOf(deps.catalogue.view.table(named.accountId, named.name)) };
  },
  context: ({ TableName = '' }, caller, deps) => tagsOf(tableOf(givenName(TableName, caller), deps)),
};

/** Of what an ARN names: a table or a stream. */
export const onResource: Permission<NamesResource & Tagged> = {
  resource: ({ ResourceArn = '*' }) => ResourceArn,
  owner: ({ ResourceArn = '' }, _caller, deps) => ownerOf(ResourceArn, deps),
  context: ({ ResourceArn = '', ...given }, _caller, deps) => ({
    ...tagsOf(tableOf(nameOf(ResourceArn), deps)),
    ...requestedTags(given),
  }),
};

interface NamesBackup {
  readonly BackupArn?: string | undefined;
}

/** Of a backup, which is the caller's own. */
export const onBackup: Permission<NamesBackup> = { resource: ({ BackupArn = '*' }) => BackupArn };

interface NamesTarget extends NamesBackup {
  readonly TargetTableName?: string | undefined;
  readonly SourceTableName?: string | undefined;
  readonly SourceTableArn?: string | undefined;
}

/** Of what a table is restored from, and of the table that it becomes. */
export const toRestore: Permission<NamesTarget> = {
  resource: ({ BackupArn, SourceTableArn, SourceTableName = '*', TargetTableName = '*' }, caller) => [
    BackupArn ?? arnOf(SourceTableArn ?? SourceTableName, caller),
    arnOf(TargetTableName, caller),
  ],
};

const onNewTable: Permission<NamesTable & Tagged> = {
  resource: ({ TableName = '*' }, caller) => arnOf(TableName, caller),
  context: requestedTags,
};

/** A new table; its tags and its policy need permissions of their own. */
export const toCreateTable = [
  onNewTable,
  {
    ...onNewTable,
    action: 'dynamodb:TagResource',
    resource: (input, caller, deps) => (input.Tags === undefined ? [] : onNewTable.resource(input, caller, deps)),
  },
  {
    ...onNewTable,
    action: 'dynamodb:PutResourcePolicy',
    resource: (input, caller, deps) =>
      input.ResourcePolicy === undefined ? [] : onNewTable.resource(input, caller, deps),
  },
] as const satisfies readonly Permission<NamesTable & Tagged & { readonly ResourcePolicy?: string | undefined }>[];

/** The ARN of a table that is named in either way. */
const arnOf = (given: string, caller: Caller): string =>
  given.startsWith('arn:') ? given : tableArn(caller, { accountId: caller.accountId, name: given });

function nameOf(arn: string): TableName | undefined {
  const { accountId = '', resource = '' } = parseArn(arn) ?? {};
  const [kind, name] = resource.split('/');
  return kind === 'table' && name !== undefined ? { accountId, name } : undefined;
}

/** The table that is named in either way; every call asks, and most name it by its name. */
const givenName = (given: string, caller: Caller): TableName | undefined =>
  given.startsWith('arn:') ? nameOf(given) : { accountId: caller.accountId, name: given };

const tableOf = (named: TableName | undefined, { catalogue }: DynamoDbDeps): TableRecord | undefined =>
  named && catalogue.view.table(named.accountId, named.name);

function ownerOf(arn: string, deps: DynamoDbDeps): ResourceOwner | undefined {
  const named = nameOf(arn);
  if (named === undefined) return undefined;
  const { accountId, name } = named;
  const label = /\/stream\/(.+)$/.exec(arn)?.[1];
  const { view } = deps.catalogue;
  const owned = label === undefined ? view.table(accountId, name) : view.stream(accountId, name, label);
  return { account: accountId, ...policyOf(owned) };
}

const policyOf = (owned: { readonly policy?: ResourcePolicy } | undefined): Pick<ResourceOwner, 'policy'> =>
  owned?.policy === undefined ? {} : { policy: compiledPolicy(owned.policy) };

const tagsOf = (table: TableRecord | undefined): ConditionKeys =>
  Object.fromEntries((table?.tags ?? []).map(({ key, value }) => [`aws:ResourceTag/${key}`, value]));

function requestedTags({ Tags, TagKeys }: Tagged): ConditionKeys {
  const keys = TagKeys ?? Tags?.map(({ Key = '' }) => Key);
  return {
    ...Object.fromEntries((Tags ?? []).map(({ Key = '', Value = '' }) => [`aws:RequestTag/${Key}`, Value])),
    ...(keys && { 'aws:TagKeys': keys }),
  };
}
