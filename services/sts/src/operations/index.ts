/**
 * The operations of STS. Differences from AWS that belong to one operation stand in its file, as `gaps`; those of the
 * service as a whole are here. `docs/compatibility.md` is generated from both.
 */
import type { AnyOperation } from '@stormglass/service-kit';
import type { StsDeps } from '../deps.ts';
import { assumeRole } from './assume-role.ts';
import { assumeRoleWithSaml } from './assume-role-with-saml.ts';
import { assumeRoleWithWebIdentity } from './assume-role-with-web-identity.ts';
import { decodeAuthorizationMessage } from './decode-authorization-message.ts';
import { getAccessKeyInfo } from './get-access-key-info.ts';
import { getCallerIdentity } from './get-caller-identity.ts';
import { getFederationToken } from './get-federation-token.ts';
import { getSessionToken } from './get-session-token.ts';

export const GAPS: readonly string[] = [
  'There are no organizations, no outbound web identities and no delegation requests: `AssumeRoot`, `GetWebIdentityToken` and `GetDelegatedAccessToken` are refused.',
];

export const OPERATIONS: readonly AnyOperation<StsDeps>[] = [
  assumeRole,
  assumeRoleWithSaml,
  assumeRoleWithWebIdentity,
  decodeAuthorizationMessage,
  getAccessKeyInfo,
  getCallerIdentity,
  getFederationToken,
  getSessionToken,
];
