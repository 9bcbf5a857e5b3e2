/** Hands out temporary credentials of the calling user, or of the root of its account. */
import type { AccountPrincipal, SessionClaims } from '@stormglass/identity';
import { type Call, operation } from '@stormglass/service-kit';
import type { StsClient, StsDeps } from '../deps.ts';
import { mfaFailed, withSession } from '../errors.ts';
import { sealedCredentials, sessionFrame } from '../new-session.ts';
import { ownSessionSeconds } from '../session-duration.ts';

export const getSessionToken = operation<StsClient, 'GetSessionToken', StsDeps>({
  name: 'GetSessionToken',
  state: 'local-read',
  // AWS asks for no permission: whoever has keys may have temporary ones.
  permission: 'none',
  gaps: ['There are no MFA devices: `SerialNumber` and `TokenCode` always fail.'],
  async handle({ DurationSeconds, SerialNumber, TokenCode }, call, deps) {
    if (SerialNumber !== undefined || TokenCode !== undefined) throw mfaFailed();
    const claims = claimsOf(call.principal, DurationSeconds, call, deps);
    return { Credentials: await sealedCredentials(claims, call, deps) };
  },
});

function claimsOf(principal: AccountPrincipal, asked: number | undefined, call: Call, deps: StsDeps): SessionClaims {
  if (principal.kind === 'assumed-role' || principal.kind === 'federated-user' || principal.session !== undefined)
    throw withSession('GetSessionToken');
  const frame = sessionFrame(call.accountId, ownSessionSeconds(asked, principal), call, deps);
  if (principal.kind === 'root') return { subject: 'root', ...frame };
  const { userName, userId } = principal;
  return { subject: 'user', userName, userId, ...frame };
}
