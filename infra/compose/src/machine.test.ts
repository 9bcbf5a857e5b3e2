import { readFileSync } from 'node:fs';
import { gatePorts, hostName, linkPorts, PORTS, partBehind, worldPorts, ZONE_PARTS } from '@stormglass/containers';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { machineFiles } from './files.ts';

interface Service {
  readonly command?: readonly string[];
  readonly profiles?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly networks?: Readonly<Record<string, { readonly aliases?: readonly string[] }>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly { readonly source: string; readonly read_only?: boolean }[];
  readonly extra_hosts?: Readonly<Record<string, string>>;
}

interface Document {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, object>>;
}

const ZONES = ['use1-az1', 'use1-az2', 'use1-az3'];
const files = machineFiles();
const documentOf = (name: string): Document =>
  parse(files[`machine-${name}.yaml`]!, { merge: true, maxAliasCount: -1 });
const world = documentOf('world').services.world!;
/** `STORMGLASS_MACHINE_1` of `${STORMGLASS_MACHINE_1:?...}`. */
const variableOf = (text: string) => /^\$\{(\w+)/.exec(text)?.[1];
const machineOf = (zone: string) => `STORMGLASS_MACHINE_${ZONES.indexOf(zone) + 1}`;

/** What a service publishes on the address of its machine, for example `7101` and `53/udp`. */
const publishedBy = ({ ports = [] }: Service, variable: string): string[] =>
  ports.filter(port => variableOf(port) === variable).map(port => port.slice(port.lastIndexOf(':') + 1));

it('is what the generator writes', () => {
  for (const [name, text] of Object.entries(files)) {
    expect(readFileSync(new URL(`../../../compose/${name}`, import.meta.url), 'utf8')).toBe(text);
  }
});

describe.each(ZONES)('the machine of %s', zone => {
  const { services, networks, volumes } = documentOf(zone);
  const others = ZONES.filter(each => each !== zone);
  const gate = services[hostName('gate', zone)]!;

  it('holds the parts of its zone and no others', () => {
    const parts = ['gate', 'nats', 'redis', ...ZONE_PARTS].map(part => hostName(part, zone));
    const links = others.map(other => `link-${zone}-${other}`);
    expect(Object.keys(services).sort()).toEqual([...parts, ...links, 'identity'].sort());
  });

  it('has a way out for links and the gate alone', () => {
    expect(networks[zone]).toMatchObject({ internal: true });
    const open = Object.entries(services).filter(([, { networks: its = {} }]) => 'edge' in its);
    expect(open.map(([, { labels }]) => labels['stormglass.part'])).toEqual(['gate', 'link', 'link']);
  });

  it('answers to every name that its hosts ask for', () => {
    const names = Object.entries(services).flatMap(([id, { networks: its }]) =>
      its?.[zone] === undefined ? [] : [id, ...(its[zone].aliases ?? [])],
    );
    expect(new Set(names).size).toBe(names.length);
    const asked = ZONES.flatMap(each => ['nats', ...ZONE_PARTS].map(part => hostName(part, each)));
    expect(names).toEqual(expect.arrayContaining([...asked, 'world']));
  });

  it.each(others)('leads to the gate of %s, which takes what the link brings', other => {
    const { extra_hosts: hosts = {}, environment } = services[`link-${zone}-${other}`]!;
    const { tcp, udp } = linkPorts('jetstream');
    expect(environment).toMatchObject({ STORMGLASS_ZONE: zone, STORMGLASS_TO: other });
    for (const port of [...tcp, ...udp]) {
      expect(variableOf(hosts[hostName(partBehind(port), other)]!)).toBe(machineOf(other));
    }
    const taken = publishedBy(documentOf(other).services[hostName('gate', other)]!, machineOf(other));
    expect(taken).toEqual(expect.arrayContaining([...tcp.map(String), ...udp.map(port => `${port}/udp`)]));
  });

  it('publishes on its own address alone, each port once', () => {
    const all = Object.values(services).flatMap(({ ports = [] }) => ports);
    expect(new Set(all.map(variableOf))).toEqual(new Set([machineOf(zone)]));
    expect(new Set(all).size).toBe(all.length);
  });

  it('finds the world, which takes what it is asked', () => {
    expect(variableOf(gate.extra_hosts!.world!)).toBe('STORMGLASS_MACHINE_WORLD');
    expect(publishedBy(world, 'STORMGLASS_MACHINE_WORLD')).toEqual(worldPorts.map(String));
  });

  it('is found by the world: its parts, its resolver for clients, its links', () => {
    const { tcp, udp } = gatePorts('jetstream');
    expect(publishedBy(gate, machineOf(zone))).toEqual([...tcp.map(String), ...udp.map(port => `${port}/udp`)]);
    for (const part of ZONE_PARTS) expect(variableOf(world.extra_hosts![hostName(part, zone)]!)).toBe(machineOf(zone));
    for (const other of others) {
      const link = `link-${zone}-${other}`;
      expect(variableOf(world.extra_hosts![link]!)).toBe(machineOf(zone));
      expect(publishedBy(services[link]!, machineOf(zone))).toEqual([String(PORTS.linkApi + ZONES.indexOf(other))]);
    }
  });

  it('lets nothing write identities but what is run by hand for that', () => {
    const writes = ({ volumes: its = [] }: Service) =>
      its.some(({ source, read_only: readOnly }) => source === hostName('identity', zone) && !readOnly);
    expect(Object.entries(services).filter(([, each]) => writes(each))).toMatchObject([
      ['identity', { profiles: ['identity'] }],
    ]);
  });

  it('declares the volumes that it uses', () => {
    const used = new Set(Object.values(services).flatMap(({ volumes: its = [] }) => its.map(({ source }) => source)));
    expect([...used].sort()).toEqual(Object.keys(volumes).sort());
  });
});

it('shows the control API to the machine of the world alone', () => {
  const open = world.ports!.filter(port => port.endsWith(`:${PORTS.control}`));
  expect(open).toEqual([`127.0.0.1:${PORTS.control}:${PORTS.control}`]);
});
