/** Temporary credentials of users, of root and of their guests: what of STS they may not call. */
import type { AccountPrincipal } from '@stormglass/identity';
import { withSession } from './errors.ts';

/**
 * "Credentials of GetSessionToken may call AssumeRole and GetCallerIdentity, those of GetFederationToken
 * GetCallerIdentity" (STS API Reference, "Permissions" of both).
 * @throws AwsError for such credentials
 */
export function refuseOwnSessions(operation: string, principal: AccountPrincipal): void {
  if (principal.kind !== 'assumed-role' && principal.session !== undefined) throw withSession(operation);
}
