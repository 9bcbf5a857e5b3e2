/** What a zone says of certificates to everybody: the state of its own, whom to trust, and who is revoked. */
import type { ZoneHealth } from '@stormglass/contracts';
import type { FastifyInstance } from 'fastify';
import type { AuthorityClient } from './authority-client.ts';
import type { HostCertificates } from './host-certificates.ts';

/** A zone serves when its clients can reach it by TLS as well. */
export function zoneHealth(health: ZoneHealth, { identities }: HostCertificates): ZoneHealth {
  const { host, endpoint } = identities;
  return {
    ...health,
    status: endpoint.state === 'none' ? 'starting' : health.status,
    certificates: {
      host: { state: host.state, notAfter: host.notAfter },
      endpoint: { state: endpoint.state, notAfter: endpoint.notAfter },
    },
  };
}

/** `/_stormglass/ca.pem`: what clients need to trust. `/_stormglass/crl.pem`: the revocation lists (RFC 5280, 5). */
export function publishCertificates(
  app: FastifyInstance,
  { identities }: HostCertificates,
  authority: AuthorityClient,
): void {
  app.get('/_stormglass/ca.pem', (_request, reply) => {
    const roots = identities.endpoint.bundle?.roots;
    if (roots === undefined) return reply.code(503).type('text/plain').send('There is no certificate yet.\n');
    return reply.type('application/x-pem-file').send(roots.join(''));
  });
  app.get('/_stormglass/crl.pem', async (_request, reply) => {
    try {
      return await reply.type('application/x-pem-file').send(await authority.revocationLists());
    } catch {
      return reply.code(503).type('text/plain').send('The certificate authority cannot be reached.\n');
    }
  });
}
