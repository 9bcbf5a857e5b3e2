import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { composeFiles } from './files.ts';
import { generate } from './generate.ts';

interface Service {
  readonly image: string;
  readonly build?: object;
  readonly networks: Readonly<Record<string, { readonly ipv4_address?: string; readonly aliases?: readonly string[] }>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly { readonly source: string; readonly read_only?: boolean }[];
  readonly privileged?: boolean;
  readonly user: string;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly extra_hosts?: Readonly<Record<string, string>>;
  readonly mem_limit: string;
  readonly pids_limit: number;
  readonly healthcheck?: object;
}

interface Document {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<
    Record<string, { readonly internal?: boolean; readonly external?: boolean; readonly name?: string }>
  >;
  readonly volumes: Readonly<Record<string, { readonly external?: boolean; readonly name?: string }>>;
}

const COLLECTORS = ['collector', 'jaeger'];
const files = composeFiles();
const committed = (name: string) => readFileSync(new URL(`../../../compose/${name}`, import.meta.url), 'utf8');

describe.each(Object.keys(files))('%s', name => {
  const document: Document = parse(files[name]!, { merge: true, maxAliasCount: -1 });
  const services = Object.entries(document.services);
  const zones = Object.keys(document.networks).filter(id => id !== 'edge' && document.networks[id]?.external !== true);
  const joins = Object.values(document.networks).some(({ external }) => external);

  it('is what the generator writes', () => expect(committed(name)).toBe(files[name]));

  it('gives no container a right it does not need', () => {
    for (const [, service] of services) {
      expect(service).toMatchObject({ user: '1000:1000', read_only: true, cap_drop: ['ALL'] });
      expect(service.security_opt).toContain('no-new-privileges:true');
      expect(service).not.toHaveProperty('privileged');
      expect(service).toMatchObject({ mem_limit: expect.any(String), pids_limit: expect.any(Number) });
    }
  });

  it('can tell whether each container is well', () => {
    const unwatched = services.filter(([, { healthcheck }]) => healthcheck === undefined).map(([id]) => id);
    expect(unwatched).toEqual(['jaeger']);
  });

  it('has nothing in two zones but links, gateways, the world and collectors', () => {
    const inSeveral = services.filter(([, { networks }]) => zones.filter(zone => zone in networks).length > 1);
    const parts = new Set(inSeveral.map(([, { labels }]) => labels['stormglass.part']));
    const expected = zones.length > 1 ? ['collector', 'link', 'world', ...(joins ? ['gateway'] : [])] : [];
    expect([...parts].sort()).toEqual(expected.sort());
  });

  it('shuts zones off from everything outside', () => {
    for (const zone of zones) expect(document.networks[zone]).toMatchObject({ internal: true });
    const open = services.filter(([, { networks }]) => 'edge' in networks).map(([id]) => id);
    expect(open.sort()).toEqual([...COLLECTORS, 'world'].sort());
  });

  it('publishes on this machine alone', () => {
    for (const [, { ports = [] }] of services) for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('gives an address once', () => {
    const simultaneous = services.filter(([id]) => id !== 'jaeger');
    const addresses = simultaneous.flatMap(([, { networks }]) =>
      Object.values(networks).flatMap(({ ipv4_address: address }) => address ?? []),
    );
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it('answers to every name of another zone in each zone, once', () => {
    for (const zone of zones) {
      const names = services.flatMap(([id, { networks, labels }]) =>
        networks[zone] === undefined || COLLECTORS.includes(labels['stormglass.part']!)
          ? []
          : [id, ...(networks[zone].aliases ?? [])],
      );
      expect(new Set(names).size).toBe(names.length);
      const parts = services.flatMap(([id, { labels }]) => (labels['stormglass.zone'] === undefined ? [] : [id]));
      // A Redis is its zone's alone.
      const others = parts.filter(part => !part.startsWith('redis-') || part.endsWith(zone));
      expect(names).toEqual(expect.arrayContaining(others));
    }
  });

  it('lets the world alone write identities', () => {
    for (const [id, { volumes = [] }] of services) {
      const written = volumes.filter(({ source, read_only: readOnly }) => source.startsWith('identity-') && !readOnly);
      expect(written).toHaveLength(id === 'world' ? zones.length : 0);
    }
  });

  it('declares the volumes that it uses', () => {
    const used = new Set(services.flatMap(([, { volumes = [] }]) => volumes.map(({ source }) => source)));
    expect([...used].sort()).toEqual(Object.keys(document.volumes).sort());
  });

  it('builds each image of its own once', () => {
    const own = services.filter(([, { image }]) => image.startsWith('stormglass'));
    const built = own.filter(([, { build }]) => build !== undefined).map(([, { image }]) => image);
    expect(built.sort()).toEqual([...new Set(own.map(([, { image }]) => image))].sort());
  });
});

it('keeps regions of one machine apart', () => {
  const addresses = (name: string) => new Set(files[name]!.match(/:-[\d.]+\}/g));
  const [first, second] = ['region.yaml', 'region-ap-southeast-2.yaml'].map(addresses);
  const shared = [...first!].filter(address => second!.has(address));
  // The two settings that are no address, and where the second finds the first.
  expect(shared.sort()).toEqual([':-10.66}', ':-5}', ':-86400000}']);
  expect(files['region.yaml']).not.toContain('_JOINED_');
});

describe('a region that joins another', () => {
  const [home, joined] = ['region.yaml', 'region-ap-southeast-2.yaml'].map(
    name => parse(files[name]!, { merge: true, maxAliasCount: -1 }) as Document,
  ) as [Document, Document];
  const ofHome = (name: string) => `\${STORMGLASS_JOINED_PROJECT:-stormglass}_${name}`;
  const zonesOf = ({ networks }: Document) =>
    Object.keys(networks).filter(id => id !== 'edge' && networks[id]?.external !== true);

  it('uses what the other project has, and changes nothing there', () => {
    const networks = Object.entries(joined.networks).filter(([, { external }]) => external);
    expect(networks.map(([id, { name }]) => [id, name])).toEqual(zonesOf(home).map(id => [id, ofHome(id)]));
    const volumes = Object.values(joined.volumes).filter(({ external }) => external);
    expect(volumes).toEqual([{ external: true, name: ofHome('disk-world') }]);
    expect(files['region.yaml']).not.toContain('ap-southeast-2');
  });

  it('has one container in the zones of both', () => {
    const inBoth = Object.entries(joined.services).filter(([, { networks }]) => 'use1-az1' in networks);
    expect(inBoth.map(([id]) => id)).toEqual(['gateway-us-east-1']);
    const [, gateway] = inBoth[0]!;
    expect(Object.keys(gateway.networks)).toEqual([...zonesOf(joined), ...zonesOf(home)]);
    for (const zone of zonesOf(joined)) {
      const address = gateway.networks[zone]?.ipv4_address;
      expect(gateway.extra_hosts?.[`here-${zone}`]).toBe(address);
    }
  });

  it('knows the hosts of the other by their addresses there', () => {
    const { extra_hosts: known = {} } = joined.services['gateway-us-east-1']!;
    const address = home.services['iam-use1-az2']?.networks['use1-az2']?.ipv4_address;
    expect(known['iam-use1-az2']).toBe(address?.replace('STORMGLASS_SUBNET', 'STORMGLASS_JOINED_SUBNET'));
  });

  it('shows the disk of the other world to its own world alone, which may read it', () => {
    const seen = Object.entries(joined.services).flatMap(([id, { volumes = [] }]) =>
      volumes.filter(({ source }) => source === 'joined-world').map(({ read_only: readOnly }) => [id, readOnly]),
    );
    expect(seen).toEqual([['world', true]]);
  });

  it('is of the same partition', () => {
    const joining = (region: string, into: string) =>
      generate(region, 1, { engine: 'etcd', ordinal: 1, joins: { region: into, zoneCount: 1 } });
    expect(() => joining('eusc-de-east-1', 'us-east-1')).toThrow('eusc-de-east-1 cannot join us-east-1');
    expect(() => joining('us-east-1', 'us-east-1')).toThrow('us-east-1 cannot join us-east-1');
  });
});

it('refuses what is no region', () => {
  expect(() => generate('elsewhere', 3, { engine: 'etcd', ordinal: 0 })).toThrow('elsewhere');
  expect(() => generate('us-east-1', 3, { engine: 'etcd', ordinal: 100 })).toThrow('from 0 to 99');
});
