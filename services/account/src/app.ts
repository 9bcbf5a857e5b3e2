/**
 * The Account Management service: which regions an account uses. That state (`state.ts` of this service, as it were) is
 * part of IAM's, in `packages/identity`, because a region holds the identities of those accounts that use it.
 */
import { loadService } from '@stormglass/aws-wire';
import { bindService, type Service } from '@stormglass/service-kit';
import schema from '../schema.json' with { type: 'json' };
import type { AccountDeps } from './deps.ts';
import { OPERATIONS } from './operations/index.ts';

export function createAccountService(deps: AccountDeps): Service {
  const upToDate = (deadline: number) => deps.replica.upToDate(deadline);
  return bindService(loadService(schema), OPERATIONS, deps, { upToDate, isGlobal: true });
}
