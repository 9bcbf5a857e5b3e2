/**
 * The Route 53 service: its operations bound to the zone's replica of hosted zones and health checks. That state
 * (`state.ts` of this service, as it were) lives in `packages/hosted-zones`: the resolver of every zone answers from it.
 */
import { loadService } from '@stormglass/aws-wire';
import { bindService, type Service } from '@stormglass/service-kit';
import schema from '../schema.json' with { type: 'json' };
import type { Route53Deps } from './deps.ts';
import { OPERATIONS } from './operations/index.ts';

export function createRoute53Service(deps: Route53Deps): Service {
  const upToDate = (deadline: number) => deps.replica.upToDate(deadline);
  return bindService(loadService(schema), OPERATIONS, deps, { upToDate, isGlobal: true });
}
