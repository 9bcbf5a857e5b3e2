/**
 * The STS service. It keeps no state of its own: roles, trust and sealing keys are read from the zone's replica of the
 * IAM state (`packages/identity`), which every service of a zone applies. That is why a zone that is cut off from all
 * others goes on handing out sessions.
 *
 * It has two profiles: the endpoint of a region, and the global endpoint `sts.amazonaws.com`, which any default region
 * may serve and which answers everywhere as the home region. They share nothing but the code: the global one has an id
 * of its own, and with it a quota of its own.
 */
import { loadService } from '@stormglass/aws-wire';
import type { Clock, Random } from '@stormglass/base';
import type { IamLog } from '@stormglass/identity';
import { bindService, iamReplicaOf, type Service } from '@stormglass/service-kit';
import schema from '../schema.json' with { type: 'json' };
import type { StsDeps, StsProfile } from './deps.ts';
import { OPERATIONS } from './operations/index.ts';
import { type IssuerFetch, IssuerUnreachable } from './web-identity/issuer-fetch.ts';
import { IssuerKeys } from './web-identity/issuer-keys.ts';

/** Of the partition `aws`; the others have regional endpoints only. */
export const GLOBAL_HOST_NAME = 'sts.amazonaws.com';

export interface StsOptions {
  readonly replica: IamLog;
  readonly clock: Clock;
  readonly random: Random;
  /** `regional` unless said otherwise. */
  readonly profile?: StsProfile;
  /** How documents of identity providers are fetched; without it none can be reached. */
  readonly fetchIssuer?: IssuerFetch | undefined;
}

export function createStsService(options: StsOptions): Service {
  const { replica, clock, random, profile = 'regional', fetchIssuer = unreachable } = options;
  const isGlobal = profile === 'global';
  const issuerKeys = new IssuerKeys(fetchIssuer, clock);
  const deps: StsDeps = { iam: iamReplicaOf(replica, clock), clock, random, profile, issuerKeys };
  const upToDate = (deadline: number) => replica.upToDate(deadline);
  const model = loadService(isGlobal ? { ...schema, id: 'sts-global' } : schema);
  return bindService(model, OPERATIONS, deps, {
    upToDate,
    isGlobal,
    ...(isGlobal ? { onlyAt: GLOBAL_HOST_NAME } : {}),
  });
}

const unreachable: IssuerFetch = ({ url }) => Promise.reject(new IssuerUnreachable(`nobody leads to ${url.host} here`));
