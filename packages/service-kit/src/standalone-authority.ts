/**
 * A certificate authority in memory, for services that are started alone and for their tests. In a region the authority
 * is a process of its own, and hosts ask it over mutual TLS.
 */
import type { Clock, Logger, Random } from '@stormglass/base';
import { AuthorityError, type CertificateIssuer } from '@stormglass/contracts';
import {
  CertificateAuthority,
  LedgerFull,
  MalformedRequest,
  memoryDisk,
  readSigningRequest,
  UnknownCertificate,
} from '@stormglass/pki';

export const standaloneAuthority = (sources: {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}): Promise<CertificateAuthority> =>
  CertificateAuthority.open({ partition: 'aws', region: 'us-east-1', disk: memoryDisk(), ...sources });

/** What services ask of an authority, put to one in the same process. */
export const issuerOf = (authority: CertificateAuthority): CertificateIssuer => ({
  certificates: async () => ({ intermediate: authority.intermediate, root: authority.root }),
  issue: ({ csr, ...request }) =>
    explained(async () => {
      const { commonName, names, publicKey } = await readSigningRequest(csr);
      return authority.issue({ ...request, commonName, names, publicKey });
    }),
  find: serial =>
    explained(() => {
      const found = authority.find(serial);
      const revocation = authority.revocationOf(serial);
      return revocation === undefined ? found : { ...found, revocation };
    }),
  revoke: (serial, reason) => explained(() => authority.revoke(serial, reason)),
  revocationLists: () => authority.revocationLists(),
});

async function explained<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const { message } = cause as Error;
    if (cause instanceof MalformedRequest) throw new AuthorityError('MalformedRequest', message, { cause });
    if (cause instanceof UnknownCertificate) throw new AuthorityError('UnknownCertificate', message, { cause });
    if (cause instanceof LedgerFull) throw new AuthorityError('LedgerFull', message, { cause });
    throw cause;
  }
}
