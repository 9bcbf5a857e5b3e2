import type { Asked } from '@stormglass/dns';
import { describe, expect, it } from 'vitest';
import { gatewayAddress, planRegion, planRegions, type Region } from '../topology.ts';
import type { ZoneFitness } from '../zone-health.ts';
import { RegionNames } from './region-names.ts';

const ZONES = ['use1-az1', 'use1-az2', 'use1-az3'];
const REGION_SERVICES = [
  { prefix: 'sts', isGlobal: false },
  { prefix: 'iam', isGlobal: true },
  { prefix: 'route53', isGlobal: true },
];
const S3 = { prefix: 's3', isGlobal: false };
/** 127.66.0.N in short. */
const ALL = [1, 2, 3];

function names(fitness: readonly ZoneFitness[] = ['fit', 'fit', 'fit'], services = REGION_SERVICES) {
  const zones = planRegion('us-east-1').zones.map(({ id, address }, i) => ({ id, address, internalPort: 4577 + i }));
  return new RegionNames({
    ...{ region: 'us-east-1', zones, services, ttlSeconds: 5, logPort: 4587, certificateAuthorityPort: 4588 },
    fitnessOf: zone => fitness[ZONES.indexOf(zone)]!,
  });
}

const from = (zone: string): Asked => ({ zone, region: 'us-east-1', client: '127.0.0.1' });

/** What a resolver would find: the records' data, or the kind of the answer. */
function ask(authority: RegionNames, name: string, type = 'A', zone = ZONES[0]!): unknown {
  const apex = authority.apexOf(name);
  if (apex === undefined) return 'elsewhere';
  const found = authority.lookup(apex, name, type, from(zone));
  if (found.kind !== 'answer') return found.kind;
  for (const record of found.records) expect(record).toMatchObject({ name, type, ttl: 5 });
  return found.records.map(({ data }) => data);
}

/** The last numbers of the addresses. */
const zonesOf = (found: unknown): unknown =>
  Array.isArray(found) ? found.map(address => Number(String(address).replace('127.66.0.', ''))) : found;

describe('names of services', () => {
  it.each([
    'sts.us-east-1.amazonaws.com',
    'sts.us-east-1.api.aws',
    'sts.us-east-1.stormglass.localhost',
    'sts.amazonaws.com',
    'iam.amazonaws.com',
    'iam.global.api.aws',
    'iam.us-east-1.stormglass.localhost',
    'route53.amazonaws.com',
    'us-east-1.stormglass.localhost',
  ])('%s leads to all zones, and has no IPv6 address', name => {
    expect(zonesOf(ask(names(), name))).toEqual(ALL);
    expect(ask(names(), name, 'AAAA')).toBe('no-data');
  });

  it.each([
    'sts.use1-az2.us-east-1.amazonaws.com',
    'iam.use1-az2.us-east-1.stormglass.localhost',
    'use1-az2.us-east-1.stormglass.localhost',
  ])('%s leads to that zone, however it is', name => {
    expect(zonesOf(ask(names(), name))).toEqual([2]);
    expect(zonesOf(ask(names(['fit', 'silent', 'fit']), name))).toEqual([2]);
  });

  it('exist for what is mounted, and hosts below them where resources are hosts', () => {
    const name = 'bucket.with.dots.s3.us-east-1.amazonaws.com';
    expect(ask(names(), name)).toBe('no-such-name');
    const withS3 = names(undefined, [S3]);
    for (const each of [name, 'b.s3.amazonaws.com', 's3.amazonaws.com', 'b.s3.us-east-1.api.aws'])
      expect(zonesOf(ask(withS3, each)), each).toEqual(ALL);
    expect(ask(withS3, name, 'TXT')).toBe('no-data');
    // A wildcard reaches no further than right below the closest name there is.
    expect(ask(withS3, 'b.use1-az1.us-east-1.amazonaws.com')).toBe('no-such-name');
  });
});

describe('names of DynamoDB', () => {
  const withTables = names(undefined, [{ prefix: 'dynamodb', isGlobal: false }]);
  it.each([
    'dynamodb.us-east-1.amazonaws.com',
    'dynamodb.us-east-1.api.aws',
    'streams.dynamodb.us-east-1.amazonaws.com',
    'streams.dynamodb.us-east-1.stormglass.localhost',
    'streams-dynamodb.us-east-1.api.aws',
    '123456789012.ddb.us-east-1.amazonaws.com',
  ])('%s leads to all zones', name => expect(zonesOf(ask(withTables, name))).toEqual(ALL));

  it('lead to a zone as well, and nowhere without it', () => {
    expect(zonesOf(ask(withTables, 'streams.dynamodb.use1-az3.us-east-1.amazonaws.com'))).toEqual([3]);
    expect(ask(withTables, 'other.dynamodb.us-east-1.amazonaws.com')).toBe('no-such-name');
    expect(ask(names(), 'streams.dynamodb.us-east-1.amazonaws.com')).toBe('no-such-name');
  });
});

describe('whose addresses', () => {
  it.each([
    ['use1-az1', [1, 2, 3]],
    ['use1-az2', [2, 3, 1]],
    ['use1-az3', [3, 1, 2]],
    ['elsewhere', [1, 2, 3]],
  ])('in %s: its own first, then the others', (zone, expected) => {
    expect(zonesOf(ask(names(), 'sts.us-east-1.amazonaws.com', 'A', zone))).toEqual(expected);
  });

  it.each<[ZoneFitness, ZoneFitness, ZoneFitness, number[]]>([
    ['fit', 'silent', 'fit', [1, 3]],
    ['silent', 'fit', 'limited', [2]],
    ['limited', 'silent', 'silent', [1]],
    ['limited', 'limited', 'silent', [1, 2]],
    ['silent', 'silent', 'silent', [1, 2, 3]],
  ])('with zones %s, %s and %s', (...given) => {
    const expected = given.pop();
    expect(zonesOf(ask(names(given as ZoneFitness[]), 'sts.us-east-1.amazonaws.com'))).toEqual(expected);
  });

  it('is the front door once when the zones have none of their own', () => {
    const zones = ZONES.map(id => ({ id, address: '127.0.0.1', internalPort: 1 }));
    const authority = new RegionNames({
      ...{ region: 'us-east-1', zones, services: REGION_SERVICES, ttlSeconds: 5 },
      ...{ logPort: 1, certificateAuthorityPort: 1, fitnessOf: () => 'fit' },
    });
    expect(ask(authority, 'sts.us-east-1.amazonaws.com')).toEqual(['127.0.0.1']);
    expect(ask(authority, 'sts.use1-az3.us-east-1.amazonaws.com')).toEqual(['127.0.0.1']);
  });
});

describe('parts of the region', () => {
  const below = 'us-east-1.stormglass.internal';
  const srv = (target: string, port: number) => [{ priority: 0, weight: 0, port, target: `${target}.${below}` }];
  it.each([
    [`_internal._tcp.use1-az2.${below}`, 'SRV', srv('host.use1-az2', 4578)],
    [`_log._tcp.${below}`, 'SRV', srv('world', 4587)],
    [`_ca._tcp.${below}`, 'SRV', srv('world', 4588)],
    [`host.use1-az2.${below}`, 'A', ['127.0.0.1']],
    [`world.${below}`, 'A', ['127.0.0.1']],
    [`ns.use1-az3.${below}`, 'A', ['127.0.0.1']],
    [`ns-4.use1-az1.${below}`, 'A', ['127.0.0.1']],
  ])('%s %s', (name, type, expected) => {
    expect(ask(names(), name, type)).toEqual(expected);
  });
});

describe('another partition', () => {
  const [region] = planRegions(['eusc-de-east-1']) as [Region];
  const zones = region.zones.map(({ id, address }) => ({ id, address, internalPort: 1 }));
  const authority = new RegionNames({
    ...{ region: region.name, zones, services: REGION_SERVICES, ttlSeconds: 5 },
    ...{ logPort: 1, certificateAuthorityPort: 1, fitnessOf: () => 'fit' },
  });
  it.each(['amazonaws.eu', 'amazonaws.com'])('has its names below %s', domain => {
    const id = zones[0]!.id;
    for (const name of [`sts.eusc-de-east-1.${domain}`, `iam.${domain}`])
      expect(ask(authority, name, 'A', id)).toEqual(['127.66.0.1', '127.66.0.2', '127.66.0.3']);
    expect(ask(authority, `sts.${id}.eusc-de-east-1.${domain}`, 'A', id)).toEqual(['127.66.0.1']);
    expect(ask(authority, `sts.us-east-1.${domain}`, 'A', id)).toBe('no-such-name');
  });
  it('is asked for no name of a domain that is not its own', () => {
    expect(names().apexOf('sts.eusc-de-east-1.amazonaws.eu')).toBe(undefined);
  });
});

describe('apexes', () => {
  it.each(['amazonaws.com', 'api.aws', 'stormglass.localhost', 'stormglass.internal'])('%s', apex => {
    const servers = ['use1-az2', 'use1-az3', 'use1-az1'].map(id => `ns.${id}.us-east-1.stormglass.internal`);
    expect(ask(names(), apex, 'NS', 'use1-az2')).toEqual(servers);
    expect(ask(names(), apex, 'SOA', 'use1-az2')).toMatchObject([{ mname: servers[0], minimum: 5 }]);
    expect(names().soa(apex, from('use1-az2'))).toMatchObject({ name: apex, type: 'SOA', ttl: 5 });
    expect(ask(names(), apex)).toBe('no-data');
    for (const strange of ['s3.eu-west-1', 'console', 'a.b.c.sts.us-east-1', '*', 'x\\.y'])
      expect(ask(names(), `${strange}.${apex}`), strange).toBe('no-such-name');
  });

  it.each(['us-east-1.amazonaws.com', 'use1-az1.us-east-1.amazonaws.com', '_tcp.us-east-1.stormglass.internal'])(
    '%s, on the way to others, exists without records',
    name => {
      for (const type of ['A', 'SRV', 'NS', 'SOA']) expect(ask(names(), name, type)).toBe('no-data');
    },
  );

  it.each(['example.com', 'com', '', 'notamazonaws.com', 'x\\.amazonaws.com', 'localhost'])('%s is elsewhere', name => {
    expect(ask(names(), name)).toBe('elsewhere');
  });
});

describe('other regions', () => {
  const [own, other] = planRegions(['ap-southeast-2', 'us-east-1']) as [Region, Region];
  const gateway = gatewayAddress(own, other);
  const inOrder = own.zones.map(({ address }) => address);
  function away(otherRegions = [{ name: other.name, zones: internal(other), gateway }]) {
    return new RegionNames({
      ...{ region: own.name, homeRegion: 'us-east-1', otherRegions, services: REGION_SERVICES, ttlSeconds: 5 },
      ...{ zones: internal(own), logPort: 1, certificateAuthorityPort: 2, fitnessOf: () => 'fit' },
    });
  }
  const internal = ({ zones }: Region) => zones.map(({ id, address }, i) => ({ id, address, internalPort: 4577 + i }));
  const asked = (name: string, type = 'A', authority = away()) => ask(authority, name, type, 'apse2-az1');

  it.each([
    'sts.us-east-1.amazonaws.com',
    'iam.us-east-1.api.aws',
    'us-east-1.stormglass.localhost',
    'iam.amazonaws.com',
    'iam.global.api.aws',
    'sts.amazonaws.com',
  ])('%s leads over the link to the home region', name => {
    expect(asked(name)).toEqual([gateway]);
  });

  it('lead nowhere but to their gateway, their own names to the zones', () => {
    expect(asked('sts.ap-southeast-2.amazonaws.com')).toEqual(inOrder);
    expect(asked('sts.use1-az1.us-east-1.amazonaws.com')).toBe('no-such-name');
    expect(asked('sts.eu-west-1.amazonaws.com')).toBe('no-such-name');
  });

  it('have the internal addresses of their hosts, and no log or authority of theirs', () => {
    const target = 'host.use1-az2.us-east-1.stormglass.internal';
    const srv = { priority: 0, weight: 0, port: 4578, target };
    expect(asked('_internal._tcp.use1-az2.us-east-1.stormglass.internal', 'SRV')).toEqual([srv]);
    expect(asked(target)).toEqual(['127.0.0.1']);
    expect(asked('_log._tcp.us-east-1.stormglass.internal', 'SRV')).toBe('no-such-name');
  });

  it.each([
    ['ap-southeast-2', 'legacy', 'home'],
    ['ap-southeast-2', 'regional', 'own'],
    // An opt-in region is as it always was.
    ['eu-south-1', 'regional', 'home'],
    ['us-east-1', 'legacy', 'own'],
    ['us-east-1', 'regional', 'own'],
  ] as const)('the global endpoint of STS, asked in %s, mode %s, leads %s', (region, mode, where) => {
    const regions = planRegions([...new Set([region, 'us-east-1', 'eu-west-1'])]);
    const [asking] = regions as [Region];
    const gateways = regions
      .slice(1)
      .map(to => ({ name: to.name, zones: internal(to), gateway: gatewayAddress(asking, to) }));
    const authority = new RegionNames({
      ...{ region, homeRegion: 'us-east-1', otherRegions: gateways, services: REGION_SERVICES, ttlSeconds: 5 },
      ...{ zones: internal(asking), logPort: 1, certificateAuthorityPort: 2, fitnessOf: () => 'fit' },
      globalSts: () => mode,
    });
    const home = gateways.filter(({ name }) => name === 'us-east-1').map(({ gateway }) => gateway);
    const own = asking.zones.map(({ address }) => address);
    const found = ask(authority, 'sts.amazonaws.com', 'A', asking.zones[0]!.id);
    expect(found).toEqual(where === 'home' ? home : own);
    expect(ask(authority, 'iam.amazonaws.com', 'A', asking.zones[0]!.id)).toEqual(region === 'us-east-1' ? own : home);
  });

  it('leave global names here where there is no link to the home region', () => {
    expect(asked('iam.amazonaws.com', 'A', away([]))).toEqual(inOrder);
  });
});
