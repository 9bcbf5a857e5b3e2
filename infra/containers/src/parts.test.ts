import { expect, it } from 'vitest';
import { hostName, internalPort, linkName, linkPorts, PORTS, partBehind, ZONE_PARTS } from './parts.ts';

it('gives each part a port of its own, and finds the part behind a port', () => {
  const ports = ZONE_PARTS.map(internalPort);
  expect(new Set(ports).size).toBe(ports.length);
  for (const part of ZONE_PARTS) expect(partBehind(internalPort(part))).toBe(part);
  expect([PORTS.nats, PORTS.natsCluster].map(partBehind)).toEqual(['nats', 'nats']);
  expect([PORTS.etcd, PORTS.etcdPeers].map(partBehind)).toEqual(['etcd', 'etcd']);
  expect([PORTS.dns, PORTS.https, PORTS.http, PORTS.clients].map(partBehind)).toEqual([
    'resolver',
    'entrance',
    'entrance',
    'entrance',
  ]);
});

it('carries between zones what zones have to say to each other, and no requests of an entrance', () => {
  for (const log of ['jetstream', 'etcd'] as const) {
    const { tcp, udp } = linkPorts(log);
    expect(new Set(tcp).size).toBe(tcp.length);
    expect(tcp).toEqual(expect.arrayContaining([PORTS.https, PORTS.dns, ...ZONE_PARTS.map(internalPort)]));
    expect(tcp).not.toContain(PORTS.requests);
    expect(tcp).not.toContain(PORTS.redis);
    expect(udp).toEqual([PORTS.dns]);
  }
});

it('names hosts and links', () => {
  expect(hostName('iam', 'use1-az2')).toBe('iam-use1-az2');
  expect(linkName('use1-az1', 'use1-az2')).toBe('link-use1-az1-use1-az2');
});
