/**
 * Which host gets which certificate: an instance that is powered on now, for its own zone, and the names of its region.
 * Instances that were banned (their certificates are revoked) get none.
 */
import { createPublicKey } from 'node:crypto';
import type { Clock } from '@stormglass/base';
import type { Enrolment, EnrolmentRequest } from '@stormglass/contracts';
import {
  type CertificateAuthority,
  EnrolmentRefused,
  type IssuedChain,
  identityUri,
  readEnrolment,
  type SubjectName,
} from '@stormglass/pki';

export interface EnrolmentPolicy {
  readonly partition: string;
  readonly region: string;
  /** Signed the identity documents; PEM. */
  readonly platformKey: string;
  /** Whether an instance of a zone is powered on now. */
  readonly isPoweredOn: (zone: string, instanceId: string) => boolean;
  /** Names under which clients reach a zone. */
  readonly endpointNames: (zone: string) => readonly SubjectName[];
  readonly lifeMs: number;
  readonly clock: Clock;
}

/** What an operator has done to certificates on purpose. */
export interface CertificateFaults {
  /** Zones whose certificates have ended when they are issued. */
  readonly ended: ReadonlySet<string>;
  /** Zones whose hosts get no certificate. */
  readonly banned: ReadonlySet<string>;
}

/** Who holds it, as the ledger says. */
export const holderOf = (enrolment: Enrolment, zone: string): string => `${enrolment} ${zone}`;

/** How long ago a certificate ended that was issued as ended. */
const ENDED_AGO_MS = 1000;
const ENDED_LIFE_MS = 60_000;

/**
 * Certifies a host.
 * @throws EnrolmentRefused
 */
export async function certifyHost(
  authority: CertificateAuthority,
  policy: EnrolmentPolicy,
  faults: CertificateFaults,
  enrolment: Enrolment,
  request: EnrolmentRequest,
): Promise<IssuedChain> {
  const { partition, region, platformKey, lifeMs, clock } = policy;
  const publicPlatformKey = createPublicKey(platformKey).export({ type: 'spki', format: 'pem' }).toString();
  const identity = readEnrolment(request, publicPlatformKey);
  const { zone, role, instanceId } = identity;
  if (identity.partition !== partition || identity.region !== region || role !== 'host') {
    throw new EnrolmentRefused(`the document is for a ${role} of ${identity.region}`);
  }
  if (!policy.isPoweredOn(zone, instanceId)) throw new EnrolmentRefused(`${instanceId} is not powered on in ${zone}`);
  if (faults.banned.has(zone)) throw new EnrolmentRefused(`${instanceId} is banned`);
  const now = clock.now();
  const dates = faults.ended.has(zone)
    ? { notBefore: now - ENDED_AGO_MS - ENDED_LIFE_MS, notAfter: now - ENDED_AGO_MS }
    : { notAfter: now + lifeMs };
  const uri = identityUri({ partition, region, zone, role });
  return authority.issue({
    commonName: enrolment === 'host' ? `host.${zone}.${region}` : `${region} endpoint`,
    names: enrolment === 'host' ? [{ type: 'url', value: uri }] : policy.endpointNames(zone),
    use: enrolment === 'host' ? 'server-and-client' : 'server',
    publicKey: request.publicKey,
    ...dates,
    holder: holderOf(enrolment, zone),
    requestId: `enrol-${request.proof}`,
  });
}
