import { expect, it } from 'vitest';
import { behindGate } from './gate-role.ts';
import { gatePorts, hostName, internalPort, linkPorts, PORTS, worldPorts, ZONE_PARTS } from './parts.ts';

const ZONE = 'use1-az2';
const hostBehind = (port: number) => behindGate(ZONE, port).host;

it('takes everything that a link brings, and gives it to the part that the link meant', () => {
  for (const log of ['jetstream', 'etcd'] as const) {
    const { tcp, udp } = gatePorts(log);
    expect(tcp).toEqual(expect.arrayContaining([...linkPorts(log).tcp]));
    expect(udp).toEqual(expect.arrayContaining([...linkPorts(log).udp]));
    expect(new Set([...tcp, ...worldPorts]).size).toBe(tcp.length + worldPorts.length);
  }
  for (const part of ZONE_PARTS) expect(hostBehind(internalPort(part))).toBe(hostName(part, ZONE));
  expect(hostBehind(PORTS.natsCluster)).toBe('nats-use1-az2');
  expect(hostBehind(PORTS.https)).toBe('entrance-use1-az2');
});

it('gives clients outside the answers that are for them', () => {
  expect(behindGate(ZONE, PORTS.dnsOutside)).toEqual({ to: ZONE, host: 'resolver-use1-az2', port: PORTS.dnsOutside });
});

it('leads the hosts of its zone to the world', () => {
  expect(worldPorts.map(hostBehind)).toEqual(['world', 'world']);
});
