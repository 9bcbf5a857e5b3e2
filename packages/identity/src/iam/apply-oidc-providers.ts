/** OIDC providers: whose web identity tokens an account believes. */
import { checkedTags } from './entities.ts';
import { oidcIssuer, oidcProviderArn } from './oidc-issuer.ts';
import type {
  AddOidcClientId,
  CreateOidcProvider,
  DeleteOidcProvider,
  RemoveOidcClientId,
  UpdateOidcThumbprints,
} from './oidc-provider-commands.ts';
import { QUOTAS, withinQuota } from './quotas.ts';
import type { OidcProviderRecord } from './records.ts';
import { accepted, DONE, type IamResult, refuse } from './result.ts';
import type { IamTables } from './tables.ts';

export const applyOidcProviders = {
  CreateOidcProvider: createOidcProvider,
  DeleteOidcProvider: deleteOidcProvider,
  AddOidcClientId: addOidcClientId,
  RemoveOidcClientId: removeOidcClientId,
  UpdateOidcThumbprints: updateOidcThumbprints,
};

function createOidcProvider(
  tables: IamTables,
  command: CreateOidcProvider,
  now: number,
): IamResult<'CreateOidcProvider'> {
  const { accountId, url } = command;
  const issuer = oidcIssuer(url) ?? refuseUrl(url);
  const arn = oidcProviderArn(tables.partition, accountId, issuer);
  if (tables.oidcProviders.has(arn)) refuse('EntityAlreadyExists', `Provider with url ${url} already exists.`);
  withinQuota(
    'OpenIdConnectProvidersPerAccount',
    QUOTAS.OidcProvidersPerAccount,
    tables.count(accountId, 'oidc-provider') + 1,
  );
  const provider: OidcProviderRecord = {
    accountId,
    arn,
    issuer: issuer.url,
    createdAt: now,
    clientIds: checkedClientIds([...new Set(command.clientIds)]),
    thumbprints: checkedThumbprints(command.thumbprints),
    tags: checkedTags([], command.tags),
  };
  tables.putOidcProvider(provider);
  return accepted(provider);
}

function refuseUrl(url: string): never {
  if (URL.canParse(url) && new URL(url).protocol !== 'https:')
    refuse('InvalidInput', 'Invalid Open ID Connect Provider URL. The URL must begin with https://.');
  refuse('ValidationError', 'Invalid Open ID Connect Provider URL');
}

function deleteOidcProvider(tables: IamTables, command: DeleteOidcProvider): IamResult<'DeleteOidcProvider'> {
  tables.deleteOidcProvider(existingOidcProvider(tables, command));
  return DONE;
}

/** A client id that is there already is fine with IAM. */
function addOidcClientId(tables: IamTables, command: AddOidcClientId): IamResult<'AddOidcClientId'> {
  const provider = existingOidcProvider(tables, command);
  if (provider.clientIds.includes(command.clientId)) return DONE;
  const clientIds = checkedClientIds([...provider.clientIds, command.clientId]);
  tables.putOidcProvider({ ...provider, clientIds });
  return DONE;
}

/** So is one that is not there when it is to be removed. */
function removeOidcClientId(tables: IamTables, command: RemoveOidcClientId): IamResult<'RemoveOidcClientId'> {
  const provider = existingOidcProvider(tables, command);
  const clientIds = provider.clientIds.filter(id => id !== command.clientId);
  tables.putOidcProvider({ ...provider, clientIds });
  return DONE;
}

function updateOidcThumbprints(tables: IamTables, command: UpdateOidcThumbprints): IamResult<'UpdateOidcThumbprints'> {
  const provider = existingOidcProvider(tables, command);
  tables.putOidcProvider({ ...provider, thumbprints: checkedThumbprints(command.thumbprints) });
  return DONE;
}

/** The provider, provided it belongs to the account that asks. */
export function existingOidcProvider(
  tables: IamTables,
  { accountId, providerArn }: { readonly accountId: string; readonly providerArn: string },
): OidcProviderRecord {
  const provider = tables.oidcProviders.get(providerArn);
  if (provider?.accountId === accountId) return provider;
  return refuse('NoSuchEntity', `OpenIDConnect Provider not found for arn ${providerArn}`);
}

function checkedClientIds(clientIds: readonly string[]): readonly string[] {
  withinQuota('ClientIdsPerOpenIdConnectProvider', QUOTAS.ClientIdsPerOidcProvider, clientIds.length);
  return clientIds;
}

function checkedThumbprints(thumbprints: readonly string[]): readonly string[] {
  if (thumbprints.length > QUOTAS.ThumbprintsPerOidcProvider)
    refuse('InvalidInput', `Thumbprint list must contain fewer than ${QUOTAS.ThumbprintsPerOidcProvider} entries.`);
  const distinct = [...new Set(thumbprints.map(each => each.toLowerCase()))];
  if (!distinct.every(each => /^[0-9a-f]{40}$/.test(each)))
    refuse('InvalidInput', 'Thumbprints must be 40 hexadecimal digits.');
  return distinct;
}
