/**
 * The entrance of a zone: its load balancer. Clients speak TLS or plain HTTP with it; it finds out which service a
 * request is for and passes it on, inside the zone only.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { defined } from '@stormglass/base';
import type { ZoneHealth } from '@stormglass/contracts';
import { mountChaos, publishCertificates, zoneHealth } from '@stormglass/region/host';
import { SERVICES, worstOf } from '@stormglass/region/services';
import { acceptSocket, createHttpHost, observeCertificate } from '@stormglass/service-kit';
import { type Closing, type Context, openHost } from './host.ts';
import { EVERY_ADDRESS, PORTS } from './parts.ts';
import { RequestForwarder } from './request-forwarder.ts';
import { ServiceConnection } from './service-connection.ts';
import { askWorld } from './world-calls.ts';

export async function runEntrance(context: Context): Promise<Closing> {
  const { settings, clock, random, logger, telemetry } = context;
  const { region, zone } = settings;
  const host = openHost(context, 'entrance');
  observeCertificate(telemetry, 'endpoint', host.endpoint);
  const { identity } = host;
  const connections = new Map(
    SERVICES.map(service => [service, new ServiceConnection({ service, zone, region: region.name, identity, clock })]),
  );
  const health = (): ZoneHealth => {
    const reports = [...connections.values()].map(({ report }) => report);
    const own: ZoneHealth = {
      status: reports.every(report => report?.status === 'ok') ? 'ok' : 'starting',
      ...{ region: region.name, zone },
      log: worstOf(reports.map(report => report?.log ?? 'degraded')),
      disk: reports.find(report => report?.disk !== 'ok')?.disk ?? 'ok',
      services: reports.flatMap(report => report?.services ?? []),
      ...defined({ identity: connections.get('iam')?.report?.identity }),
    };
    return zoneHealth(own, host.certificates);
  };
  const pipeline = new RequestForwarder({ connections, zone, random, logger, telemetry });
  const world = askWorld(identity, { region: region.name, zone, clock });
  const mounts = [mountChaos(world.chaos)];
  const app = createHttpHost({ pipeline, logger, health, tls: host.endpoint, mounts });
  publishCertificates(app, host.certificates, host.authority);
  const internal = await host.serveInternalApi({ replicas: {} });
  await app.listen({ port: PORTS.clients, host: EVERY_ADDRESS });
  const servers = await Promise.all(
    [PORTS.http, PORTS.https].map(port => listen(port, socket => acceptSocket(app, socket))),
  );
  const stopHealthFile = host.keepHealthFile(() => health().status === 'ok');
  return {
    async close() {
      stopHealthFile();
      for (const server of servers) server.close();
      await app.close();
      await internal.close();
      for (const connection of connections.values()) connection.close();
      world.agent.destroy();
      await host.close();
    },
  };
}

function listen(port: number, onConnection: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ noDelay: true, allowHalfOpen: true }, onConnection);
    server.once('error', reject);
    server.listen(port, EVERY_ADDRESS, () => resolve(server));
  });
}
