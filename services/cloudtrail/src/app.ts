/** The CloudTrail service: its operations bound to the zone's replica of the events and trails of its region. */
import { loadService } from '@stormglass/aws-wire';
import { bindService, type Service } from '@stormglass/service-kit';
import schema from '../schema.json' with { type: 'json' };
import type { CloudTrailDeps } from './deps.ts';
import { OPERATIONS } from './operations/index.ts';

export function createCloudTrailService(deps: CloudTrailDeps): Service {
  const upToDate = (deadline: number) => deps.replica.upToDate(deadline);
  return bindService(loadService(schema), OPERATIONS, deps, { upToDate, isGlobal: false });
}
