/** The gateway of another region: its clients take the link between the two, those of the region itself do not. */
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { silentLogger, systemClock, systemRandom } from '@stormglass/base';
import { LinkRules } from '@stormglass/faults';
import { until } from '@stormglass/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { planPorts, type RegionPorts } from '../ports.ts';
import { Doors } from './doors.ts';

const HOST = '127.0.0.1';
const CUT = {
  ...{ id: 'cut', fault: 'partition', from: 'use1-*', to: 'apse2-*', oneWay: false },
  ...{ toxicity: 1, seed: 1, settings: {} },
};

let ports: RegionPorts;
let zone: Server;
let links: LinkRules;
let doors: Doors;
beforeEach(async () => {
  ports = await planPorts({ frontDoor: 0, dns: 0, zoneCount: 1, random: systemRandom });
  zone = createServer(socket => socket.on('error', () => {}).pipe(socket));
  await once(zone.listen(ports.zones[0]!.clients, HOST), 'listening');
  links = new LinkRules();
  const target = { zone: 'use1-az1', port: ports.zones[0]!.clients, healthy: true, fit: true, running: true };
  const gateways = [{ from: 'apse2-gateway', address: HOST }];
  const addresses = new Map<string, string>();
  doors = new Doors({ targets: [target], addresses, gateways, links, clock: systemClock, logger: silentLogger });
  await doors.listen({ port: ports.frontDoor, host: HOST, zonalPort: ports.log });
  // The front door listens by now, a gateway does in its own time.
  await until('the gateway to listen', async () => {
    const probe = connect({ host: HOST, port: ports.log });
    const isThere = await once(probe, 'connect').then(
      () => true,
      () => undefined,
    );
    probe.destroy();
    return isThere;
  });
  await until('the probe to be gone', () => doors.connectionsOf('use1-az1') === 0);
});
afterEach(() => {
  doors.close();
  zone.close();
});

/** A client that says hello, and what it has heard back. */
function client(port: number) {
  const heard = { text: '', isOver: false };
  const socket = connect({ host: HOST, port }).on('error', () => {});
  socket.on('data', chunk => (heard.text += chunk.toString())).on('close', () => (heard.isOver = true));
  socket.write('hello');
  return heard;
}

it('leads to the zones, and counts to them', async () => {
  const heard = client(ports.log);
  await until('the answer', () => heard.text === 'hello');
  await until('one connection', () => doors.connectionsOf('use1-az1') === 1);
  doors.endAll('use1-az1');
  await until('its end', () => heard.isOver);
});

it('takes the link between the regions, which the front door does not', async () => {
  links.add(CUT);
  const near = client(ports.frontDoor);
  const far = client(ports.log);
  await until('the answer from near', () => near.text === 'hello');
  await until('both to be on their way', () => doors.connectionsOf('use1-az1') === 2);
  expect(far.text).toBe('');
  links.remove(CUT.id);
  await until('the answer from far', () => far.text === 'hello');
});
