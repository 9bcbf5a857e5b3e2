import { planRegion } from '@stormglass/region';
import { expect, it } from 'vitest';
import {
  gatewayPort,
  gatewayPorts,
  gatewayTarget,
  hostName,
  internalPort,
  linkName,
  linkPorts,
  PORTS,
  partBehind,
  placesOf,
  ZONE_PARTS,
} from './parts.ts';

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

it('tells by its port where a connection to another region goes', () => {
  const other = planRegion('us-east-1');
  const ports = gatewayPorts(other);
  expect(new Set(ports).size).toBe(ports.length);
  expect(gatewayTarget(other, gatewayPort('iam', 2))).toEqual({
    ...{ to: 'use1-az3', host: 'iam-use1-az3', port: internalPort('iam') },
  });
  const anywhere = ports.filter(port => gatewayTarget(other, port) === undefined);
  expect(anywhere).toEqual([PORTS.clients, PORTS.http, PORTS.https]);
});

it('names the places of links, those of other regions where there are gateways', () => {
  const [own, other] = [planRegion('ap-southeast-2', 1), planRegion('us-east-1', 1)];
  expect(placesOf(own, [])).toEqual(['apse2-az1', 'apse2-*', 'clients', 'log', 'ca']);
  expect(placesOf(own, [other])).toEqual(['apse2-az1', 'use1-az1', 'apse2-*', 'use1-*', 'clients', 'log', 'ca']);
});

it('names hosts and links', () => {
  expect(hostName('iam', 'use1-az2')).toBe('iam-use1-az2');
  expect(linkName('use1-az1', 'use1-az2')).toBe('link-use1-az1-use1-az2');
});
