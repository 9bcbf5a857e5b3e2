/**
 * The STS service. It keeps no state of its own: roles, trust and sealing keys are read from the zone's replica of the
 * IAM state (`packages/identity`), which every service of a zone applies. That is why a zone that is cut off from all
 * others goes on handing out sessions.
 */
import { loadService } from '@stormglass/aws-wire';
import { bindService, type Service } from '@stormglass/service-kit';
import schema from '../schema.json' with { type: 'json' };
import type { StsDeps } from './deps.ts';
import { OPERATIONS } from './operations/index.ts';

export function createStsService(deps: StsDeps): Service {
  // No operation asks for a strong read, so this is for completeness.
  const upToDate = () => deps.iam.catchUp();
  return bindService(loadService(schema), OPERATIONS, deps, { upToDate, isGlobal: false });
}
