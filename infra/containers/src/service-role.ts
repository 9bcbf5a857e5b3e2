/** A service in a container: takes requests from the entrance of its zone, over mutual TLS, and from nobody else. */
import { MutualTlsServer } from '@stormglass/pki';
import type { ServiceName } from '@stormglass/region/services';
import { acceptSocket, createHttpHost, forwardedOrigin } from '@stormglass/service-kit';
import { type Closing, type Context, openHost } from './host.ts';
import { EVERY_ADDRESS, PORTS } from './parts.ts';
import { startReplicas } from './replicas.ts';

export async function runService(context: Context, name: ServiceName): Promise<Closing> {
  const { settings, clock, logger } = context;
  const host = openHost(context, name);
  const replicas = await startReplicas(context, host, [name]);
  const { pipeline, mounts } = replicas.parts;
  const { health } = replicas;
  const app = createHttpHost({ pipeline, logger, health, mounts, originOf: forwardedOrigin });
  await app.ready();
  const { region, zone } = settings;
  const requests = new MutualTlsServer({
    ...{ identity: host.identity, clock, logger },
    admits: peer => peer.role === 'host' && peer.region === region.name && peer.zone === zone,
    onPeer: socket => acceptSocket(app, socket),
  });
  await requests.listen(PORTS.requests, EVERY_ADDRESS);
  // Well is who can be asked: what it lacks it says in its answers, and the entrance looks at those.
  const stopHealthFile = host.keepHealthFile(() => host.identity.context !== undefined);
  return {
    async close() {
      stopHealthFile();
      await requests.close();
      await app.close();
      await replicas.close();
      await host.close();
    },
  };
}
