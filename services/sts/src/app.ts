/**
 * The STS service. It keeps no state of its own: roles, trust and sealing keys are read from the zone's replica of the
 * IAM state (`packages/identity`), which every service of a zone applies. That is why a zone that is cut off from all
 * others goes on handing out sessions.
 */
import { loadService } from '@stormglass/aws-wire';
import type { Clock, Random } from '@stormglass/base';
import type { IamCommand, IamResult, IamView } from '@stormglass/identity';
import type { Replica } from '@stormglass/replicated-state';
import { bindService, iamReplicaOf, type Service } from '@stormglass/service-kit';
import schema from '../schema.json' with { type: 'json' };
import type { StsDeps } from './deps.ts';
import { OPERATIONS } from './operations/index.ts';

export interface StsOptions {
  readonly replica: Replica<IamCommand, IamResult, IamView>;
  readonly clock: Clock;
  readonly random: Random;
}

export function createStsService({ replica, clock, random }: StsOptions): Service {
  const deps: StsDeps = { iam: iamReplicaOf(replica, clock), clock, random };
  // No operation asks for a strong read, so this is for completeness.
  const upToDate = (deadline: number) => replica.upToDate(deadline);
  return bindService(loadService(schema), OPERATIONS, deps, { upToDate, isGlobal: false });
}
