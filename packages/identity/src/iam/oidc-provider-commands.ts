/** Commands about OIDC providers. */
import type { Tag } from '../principal.ts';
import type { InAccount } from './commands.ts';

interface AboutProvider extends InAccount {
  readonly providerArn: string;
}

export interface CreateOidcProvider extends InAccount {
  readonly type: 'CreateOidcProvider';
  /** The issuer, scheme included. */
  readonly url: string;
  readonly clientIds: readonly string[];
  readonly thumbprints: readonly string[];
  readonly tags?: readonly Tag[];
}

export interface DeleteOidcProvider extends AboutProvider {
  readonly type: 'DeleteOidcProvider';
}

export interface AddOidcClientId extends AboutProvider {
  readonly type: 'AddOidcClientId';
  readonly clientId: string;
}

export interface RemoveOidcClientId extends AboutProvider {
  readonly type: 'RemoveOidcClientId';
  readonly clientId: string;
}

export interface UpdateOidcThumbprints extends AboutProvider {
  readonly type: 'UpdateOidcThumbprints';
  readonly thumbprints: readonly string[];
}

export type OidcProviderCommand =
  | CreateOidcProvider
  | DeleteOidcProvider
  | AddOidcClientId
  | RemoveOidcClientId
  | UpdateOidcThumbprints;
