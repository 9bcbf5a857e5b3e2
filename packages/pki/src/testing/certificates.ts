/** An authority in memory and identities issued by it, for tests of what uses certificates. */
import { type Clock, seededRandom, silentLogger, systemClock } from '@stormglass/base';
import { memoryDisk } from '../authority-disk.ts';
import { CertificateAuthority } from '../certificate-authority.ts';
import { identityUri, type PeerIdentity } from '../identity-uri.ts';
import { newPrivateKey, publicKeyPem } from '../key-pair.ts';
import { TlsIdentity } from '../tls-identity.ts';

export * from './signing-request.ts';

/** An authority of `aws` unless another partition is named. */
export const testAuthority = (partition = 'aws', clock: Clock = systemClock): Promise<CertificateAuthority> =>
  CertificateAuthority.open({
    partition,
    region: 'us-east-1',
    disk: memoryDisk(),
    clock,
    random: seededRandom(partition.length),
    logger: silentLogger,
  });

export interface TestCertificate {
  readonly lifeMs?: number;
  readonly notBefore?: number;
  readonly use?: 'server' | 'client' | 'server-and-client';
  readonly region?: string;
  readonly zone?: string;
  readonly role?: PeerIdentity['role'];
}

let requests = 0;

/** An identity with a fresh key and a certificate for it. */
export async function testIdentity(
  authority: CertificateAuthority,
  options: TestCertificate = {},
  clock: Clock = systemClock,
): Promise<TlsIdentity> {
  const { lifeMs = 60_000, notBefore, use = 'server-and-client', role = 'host' } = options;
  const { region = 'us-east-1', zone = 'use1-az1' } = options;
  const identity = new TlsIdentity(clock);
  identity.trustIn(authority.trust());
  const key = await newPrivateKey();
  const { partition } = authority.trust();
  const issued = await authority.issue({
    commonName: zone,
    names: [{ type: 'url', value: identityUri({ partition, region, zone, role }) }],
    publicKey: publicKeyPem(key),
    use,
    ...(notBefore === undefined ? {} : { notBefore }),
    notAfter: clock.now() + lifeMs,
    holder: `${role} ${zone}`,
    requestId: `test-${requests++}`,
  });
  identity.install({ key, certificate: issued.certificate, chain: issued.chain });
  return identity;
}
