/** Hands out temporary credentials of the calling user, or of the root of its account. */
import { type AccountPrincipal, type SessionClaims, sealSession } from '@stormglass/identity';
import { type Call, operation } from '@stormglass/service-kit';
import type { StsClient, StsDeps } from '../deps.ts';
import { mfaFailed, sessionOfSession } from '../errors.ts';
import { shownCredentials } from '../shown-credentials.ts';
import { whenTokenKey } from '../token-key.ts';
import { originOf } from '../token-version.ts';

const SECONDS_DEFAULT = 43_200;
const ROOT_SECONDS_MAX = 3600;

export const getSessionToken = operation<StsClient, 'GetSessionToken', StsDeps>({
  name: 'GetSessionToken',
  state: 'local-read',
  // AWS asks for no permission: whoever has keys may have temporary ones.
  permission: 'none',
  gaps: [
    'Its credentials may call IAM, and all of STS; those of AWS may call IAM only with MFA, and of STS only AssumeRole and GetCallerIdentity.',
    'There are no MFA devices: `SerialNumber` and `TokenCode` always fail.',
  ],
  async handle({ DurationSeconds = SECONDS_DEFAULT, SerialNumber, TokenCode }, call, deps) {
    if (SerialNumber !== undefined || TokenCode !== undefined) throw mfaFailed();
    const claims = { ...claimsOf(call.principal, call, DurationSeconds), ...originOf(call.accountId, call, deps) };
    const sealed = sealSession(await whenTokenKey(deps, call.deadline), claims, deps.random);
    return { Credentials: shownCredentials(sealed, claims) };
  },
});

function claimsOf(principal: AccountPrincipal, { now, accountId }: Call, seconds: number): SessionClaims {
  if (principal.kind === 'assumed-role' || principal.kind === 'federated-user' || principal.session !== undefined)
    throw sessionOfSession();
  const issuedAt = Math.floor(now / 1000);
  // Sessions of a root last an hour at most, whatever was asked for.
  if (principal.kind === 'root')
    return { subject: 'root', accountId, issuedAt, expiresAt: issuedAt + Math.min(seconds, ROOT_SECONDS_MAX) };
  const { userName, userId } = principal;
  return { subject: 'user', accountId, userName, userId, issuedAt, expiresAt: issuedAt + seconds };
}
