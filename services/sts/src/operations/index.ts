/**
 * The operations of STS. Differences from AWS that belong to one operation stand in its file, as `gaps`; those of the
 * service as a whole are here. `docs/compatibility.md` is generated from both.
 */
import type { AnyOperation } from '@stormglass/service-kit';
import type { StsDeps } from '../deps.ts';
import { assumeRole } from './assume-role.ts';
import { getCallerIdentity } from './get-caller-identity.ts';
import { getSessionToken } from './get-session-token.ts';

export const GAPS: readonly string[] = [
  'There are no identity providers: sessions begin with AssumeRole or GetSessionToken.',
];

export const OPERATIONS: readonly AnyOperation<StsDeps>[] = [assumeRole, getCallerIdentity, getSessionToken];
