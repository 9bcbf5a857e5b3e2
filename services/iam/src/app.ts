/**
 * The IAM service: its operations bound to the zone's replica of the IAM state.
 *
 * That state (`state.ts` of this service, as it were) lives in `packages/identity`: every service of a zone applies the
 * IAM log, because every service authenticates and authorizes alone. This service is only where it is changed and shown.
 */
import { loadService } from '@stormglass/aws-wire';
import { bindService, type Service } from '@stormglass/service-kit';
import schema from '../schema.json' with { type: 'json' };
import type { IamDeps } from './deps.ts';
import { OPERATIONS } from './operations/index.ts';
import { PHRASES } from './phrases.ts';

export function createIamService(deps: IamDeps): Service {
  const upToDate = (deadline: number) => deps.replica.upToDate(deadline);
  return bindService(loadService(schema, PHRASES), OPERATIONS, deps, { upToDate, isGlobal: true });
}
