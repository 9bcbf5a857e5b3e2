/** How long sessions last. */
import type { AccountPrincipal, RoleRecord } from '@stormglass/identity';
import { validationError } from './errors.ts';

const ROLE_SECONDS_DEFAULT = 3600;
const CHAINED_SECONDS_MAX = 3600;

/**
 * Of a session of a role, in seconds.
 * @param caller undefined for somebody from outside, who has no session yet
 * @throws AwsError when the role, or role chaining, does not allow sessions that long
 */
export function roleSessionSeconds(
  asked: number | undefined,
  role: RoleRecord,
  caller: AccountPrincipal | undefined,
): number {
  const seconds = asked ?? ROLE_SECONDS_DEFAULT;
  if (seconds > role.maxSessionDurationSeconds)
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  if (caller?.kind === 'assumed-role' && seconds > CHAINED_SECONDS_MAX)
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  return seconds;
}

const USER_SECONDS_DEFAULT = 43_200;
const ROOT_SECONDS_MAX = 3600;

/** Of a session of a user or of root, in seconds: root's last an hour at most, whatever was asked for. */
export function ownSessionSeconds(asked: number | undefined, caller: AccountPrincipal): number {
  const seconds = asked ?? USER_SECONDS_DEFAULT;
  return caller.kind === 'root' ? Math.min(seconds, ROOT_SECONDS_MAX) : seconds;
}
