/**
 * The ACM-PCA service: certificates of the region's authority for those who send a signing request. It keeps no state;
 * the authority's ledger knows every certificate by its serial, and whose it is.
 */
import { loadService } from '@stormglass/aws-wire';
import { bindService, type Service } from '@stormglass/service-kit';
import schema from '../schema.json' with { type: 'json' };
import type { AcmPcaDeps } from './deps.ts';
import { OPERATIONS } from './operations/index.ts';

export function createAcmPcaService(deps: AcmPcaDeps): Service {
  // Nothing is read from a log here.
  return bindService(loadService(schema), OPERATIONS, deps, { upToDate: async () => {}, isGlobal: false });
}
