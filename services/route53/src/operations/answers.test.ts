/** What zones answer, and how their record sets are listed: routing policies, health, aliases, wildcards, zone cuts. */
import {
  ChangeResourceRecordSetsCommand,
  CreateHealthCheckCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  TestDNSAnswerCommand,
} from '@aws-sdk/client-route-53';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { a, create, type Route53Host, refusal, startRoute53Host } from '../testing/route53-host.ts';

let host: Route53Host;
let zone: string;
const checks: string[] = [];
beforeAll(async () => {
  host = await startRoute53Host();
  zone = await host.zone('z.test');
  const HealthCheckConfig = { Type: 'TCP', IPAddress: '127.0.0.1', Port: 9 } as const;
  for (let i = 0; i < 9; i++) {
    const made = await host.root.send(new CreateHealthCheckCommand({ CallerReference: `hc-${i}`, HealthCheckConfig }));
    checks.push(made.HealthCheck!.Id!);
  }
});
beforeEach(() => host.down.clear());
afterAll(() => host.close());

/** Every answer that `times` questions get, with how often. */
async function answers(name: string, times = 60): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let i = 0; i < times; i++) {
    const answer = String(await host.ask(zone, name));
    counts[answer] = (counts[answer] ?? 0) + 1;
  }
  return counts;
}

const weighted = (name: string, i: number, Weight: number) =>
  create(a(name, `192.0.2.${i}`, { SetIdentifier: `w${i}`, Weight, HealthCheckId: checks[i]! }));

it('spreads by weight over what is healthy; over all when nothing is', async () => {
  await host.change(zone, weighted('w.z.test', 1, 3), weighted('w.z.test', 2, 1), weighted('w.z.test', 3, 0));
  const all = await answers('w.z.test', 120);
  expect(Object.keys(all).toSorted()).toEqual(['192.0.2.1', '192.0.2.2']);
  expect(all['192.0.2.1']!).toBeGreaterThan(all['192.0.2.2']!);
  host.down.add(checks[1]!);
  expect(await answers('w.z.test')).toEqual({ '192.0.2.2': 60 });
  host.down.add(checks[2]!);
  expect(await answers('w.z.test')).toEqual({ '192.0.2.3': 60 });
  host.down.add(checks[3]!);
  expect(Object.keys(await answers('w.z.test', 120)).toSorted()).toEqual(['192.0.2.1', '192.0.2.2']);
});

it('takes each weight of 0 alike when there is no other', async () => {
  await host.change(zone, weighted('w0.z.test', 1, 0), weighted('w0.z.test', 2, 0));
  expect(Object.keys(await answers('w0.z.test')).toSorted()).toEqual(['192.0.2.1', '192.0.2.2']);
});

it('fails over, and goes back; both down, the primary answers', async () => {
  const failover = (Failover: 'PRIMARY' | 'SECONDARY', i: number) =>
    create(a('f.z.test', `192.0.2.${i}`, { SetIdentifier: Failover, Failover, HealthCheckId: checks[i]! }));
  await host.change(zone, failover('PRIMARY', 1), failover('SECONDARY', 2));
  expect(await host.ask(zone, 'f.z.test')).toEqual(['192.0.2.1']);
  host.down.add(checks[1]!);
  expect(await host.ask(zone, 'f.z.test')).toEqual(['192.0.2.2']);
  host.down.add(checks[2]!);
  expect(await host.ask(zone, 'f.z.test')).toEqual(['192.0.2.1']);
  host.down.clear();
  expect(await host.ask(zone, 'f.z.test')).toEqual(['192.0.2.1']);
});

it('gives up to eight healthy values of a multivalue answer', async () => {
  const one = (i: number) =>
    create(
      a('m.z.test', `192.0.2.${i}`, {
        SetIdentifier: `m${i}`,
        MultiValueAnswer: true,
        ...(checks[i] === undefined ? {} : { HealthCheckId: checks[i] }),
      }),
    );
  await host.change(zone, ...Array.from({ length: 10 }, (_, i) => one(i)));
  const first = (await host.ask(zone, 'm.z.test')) as string[];
  expect(new Set(first).size).toBe(8);
  for (const id of checks.slice(0, 8)) host.down.add(id);
  expect(await host.ask(zone, 'm.z.test')).toEqual(['192.0.2.8', '192.0.2.9']);
});

it('answers with the region that is nearest and healthy, and with the default location', async () => {
  const latency = (Region: 'us-east-1' | 'us-west-2' | 'eu-west-1', i: number) =>
    create(a('l.z.test', `192.0.2.${i}`, { SetIdentifier: Region, Region, HealthCheckId: checks[i]! }));
  await host.change(zone, latency('eu-west-1', 1), latency('us-west-2', 2), latency('us-east-1', 3));
  expect(await host.ask(zone, 'l.z.test')).toEqual(['192.0.2.3']);
  host.down.add(checks[3]!);
  expect(await host.ask(zone, 'l.z.test')).toEqual(['192.0.2.2']);
  host.down.add(checks[2]!);
  expect(await host.ask(zone, 'l.z.test')).toEqual(['192.0.2.1']);

  const geo = (i: number, GeoLocation: ResourceRecordSet['GeoLocation']) =>
    create(a('g.z.test', `192.0.2.${i}`, { SetIdentifier: `g${i}`, GeoLocation }));
  await host.change(zone, geo(1, { ContinentCode: 'EU' }), geo(2, { CountryCode: 'US', SubdivisionCode: 'NY' }));
  expect(await host.ask(zone, 'g.z.test')).toEqual([]);
  await host.change(zone, geo(3, { CountryCode: '*' }));
  expect(await host.ask(zone, 'g.z.test')).toEqual(['192.0.2.3']);
});

it('follows aliases to records of the zone, their policy and health included, and to names of the region', async () => {
  const target = (
    DNSName: string,
    more: Partial<ResourceRecordSet> = {},
    name = 'alias.z.test',
  ): ResourceRecordSet => ({
    Name: name,
    Type: 'A',
    AliasTarget: { HostedZoneId: zone, DNSName, EvaluateTargetHealth: true },
    ...more,
  });
  await host.change(
    zone,
    create(a('p1.z.test', '192.0.2.1', { SetIdentifier: 'a', Weight: 1, HealthCheckId: checks[1]! })),
    create(a('p2.z.test', '192.0.2.2', { SetIdentifier: 'a', Weight: 1, HealthCheckId: checks[2]! })),
    create(target('p1.z.test', { SetIdentifier: 'p', Failover: 'PRIMARY' })),
    create(target('p2.z.test', { SetIdentifier: 's', Failover: 'SECONDARY' })),
    create(target('alias.z.test', {}, 'z.test')),
  );
  expect(await host.ask(zone, 'z.test')).toEqual(['192.0.2.1']);
  host.down.add(checks[1]!);
  expect(await host.ask(zone, 'z.test')).toEqual(['192.0.2.2']);
  const endpoint = (DNSName: string) => ({ HostedZoneId: 'Z2FDTNDATAQYW2', DNSName, EvaluateTargetHealth: true });
  await host.change(
    zone,
    create({ Name: 'sts.z.test', Type: 'A', AliasTarget: endpoint('sts.us-east-1.amazonaws.com') }),
    create({ Name: 'gone.z.test', Type: 'A', AliasTarget: endpoint('gone.us-east-1.amazonaws.com') }),
  );
  expect(await host.ask(zone, 'sts.z.test')).toEqual(['127.0.0.1']);
  expect(await host.ask(zone, 'gone.z.test')).toEqual([]);
});

it('knows wildcards, empty names, CNAMEs and zone cuts', async () => {
  const apex = await host.zone('rfc.test');
  const set = (Name: string, Type: 'CNAME' | 'NS' | 'TXT', Value: string): ResourceRecordSet => ({
    ...{ Name, Type, TTL: 60 },
    ResourceRecords: [{ Value }],
  });
  await host.change(
    apex,
    create(a('*.rfc.test', '192.0.2.1')),
    create(a('sub.*.rfc.test', '192.0.2.2')),
    create(set('host.rfc.test', 'TXT', '"x"')),
    create(a('deep.empty.rfc.test', '192.0.2.3')),
    create(set('alias.rfc.test', 'CNAME', 'Elsewhere.Test.')),
    create(set('child.rfc.test', 'NS', 'ns.elsewhere.test')),
    create(a('ghost.child.rfc.test', '192.0.2.4')),
  );
  const ask = (name: string, type?: 'A' | 'TXT' | 'CNAME' | 'MX' | 'NS') => host.ask(apex, name, type);
  // RFC 4592, 2.2.1: a wildcard does not cover names that exist, empty ones included, nor what lies below them.
  expect(await ask('any.rfc.test')).toEqual(['192.0.2.1']);
  expect(await ask('any.any.rfc.test')).toEqual(['192.0.2.1']);
  expect(await ask('any.rfc.test', 'MX')).toEqual([]);
  expect(await ask('host.rfc.test')).toEqual([]);
  expect(await ask('any.host.rfc.test')).toBe('NXDOMAIN');
  expect(await ask('empty.rfc.test')).toEqual([]);
  expect(await ask('any.empty.rfc.test')).toBe('NXDOMAIN');
  expect(await ask('*.rfc.test')).toEqual(['192.0.2.1']);
  expect(await ask('ANY.RFC.test')).toEqual(['192.0.2.1']);
  expect(await ask('alias.rfc.test')).toEqual(['Elsewhere.Test.']);
  expect(await ask('alias.rfc.test', 'CNAME')).toEqual(['Elsewhere.Test.']);
  // Below a cut the zone knows nothing, whatever stands there.
  expect(await ask('ghost.child.rfc.test')).toEqual([]);
  const outside = new TestDNSAnswerCommand({ HostedZoneId: apex, RecordName: 'www.other.test', RecordType: 'A' });
  await expect(host.root.send(outside)).rejects.toMatchObject(
    refusal('InvalidInput', 400, 'The name www.other.test does not lie within the hosted zone rfc.test.'),
  );
});

it('lists by reversed labels, with octal escapes, from anywhere, in pages', async () => {
  const id = await host.zone('list.test');
  const sets = [
    a('list.test', '192.0.2.1'),
    a('b.list.test', '192.0.2.1', { SetIdentifier: 'two', Weight: 2 }),
    a('b.list.test', '192.0.2.2', { SetIdentifier: 'one', Weight: 2 }),
    a('*.list.test', '192.0.2.1'),
    a('x.b.list.test', '192.0.2.1'),
    a('b-c.list.test', '192.0.2.1'),
    a('a\\100b.list.test', '192.0.2.1'),
    { Name: 'b.list.test', Type: 'TXT' as const, TTL: 1, ResourceRecords: [{ Value: '"t"' }] },
  ];
  await host.change(id, ...sets.map(create));
  const page = async (start: object) =>
    host.root.send(new ListResourceRecordSetsCommand({ HostedZoneId: id, ...start }));
  const brief = ({ Name, Type, SetIdentifier = '' }: ResourceRecordSet) => `${Name} ${Type} ${SetIdentifier}`.trim();
  const order = [
    'list.test. A',
    'list.test. NS',
    'list.test. SOA',
    '\\052.list.test. A',
    'a\\100b.list.test. A',
    // The last dot counts: a hyphen comes before it.
    'b-c.list.test. A',
    'b.list.test. A one',
    'b.list.test. A two',
    'b.list.test. TXT',
    'x.b.list.test. A',
  ];
  expect((await page({})).ResourceRecordSets!.map(brief)).toEqual(order);
  const seen: string[] = [];
  let start: object | undefined = {};
  while (start !== undefined) {
    const next: Awaited<ReturnType<typeof page>> = await page({ ...start, MaxItems: 3 });
    seen.push(...next.ResourceRecordSets!.map(brief));
    start = next.IsTruncated
      ? {
          StartRecordName: next.NextRecordName,
          StartRecordType: next.NextRecordType,
          StartRecordIdentifier: next.NextRecordIdentifier,
        }
      : undefined;
  }
  expect(seen).toEqual(order);
  const from = await page({ StartRecordName: 'B.list.test', StartRecordType: 'TXT' });
  expect(from.ResourceRecordSets!.map(brief)).toEqual(order.slice(8));
  await expect(page({ StartRecordType: 'A' })).rejects.toMatchObject({ name: 'InvalidInput' });
  await expect(page({ StartRecordName: 'b.list.test', StartRecordIdentifier: 'x' })).rejects.toMatchObject({
    name: 'InvalidInput',
  });
  await expect(page({ StartRecordName: 'b..list.test' })).rejects.toMatchObject({ name: 'InvalidInput' });
});

it('answers every type as it was given', async () => {
  const id = await host.zone('types.test');
  const values = {
    AAAA: ['2001:db8::1'],
    CAA: ['0 issue "ca.test"'],
    DS: ['1 8 2 ABCD'],
    MX: ['10 mail.types.test.'],
    NAPTR: ['1 2 "u" "sip+E2U" "!^.*$!sip:x@types.test!" .'],
    PTR: ['host.types.test.'],
    SPF: ['"v=spf1 -all"'],
    SRV: ['1 2 3 host.types.test.'],
    SSHFP: ['1 1 ABCD'],
    TLSA: ['3 1 1 ABCD'],
    TXT: ['"one" "two \\" \\\\ \\303\\251"'],
  } as const;
  for (const [type, [Value]] of Object.entries(values)) {
    const Type = type as keyof typeof values;
    const ChangeBatch = {
      Changes: [create({ Name: `${type}.types.test`, Type, TTL: 1, ResourceRecords: [{ Value }] })],
    };
    await host.root.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: id, ChangeBatch }));
    expect(await host.ask(id, `${type}.types.test`, Type)).toEqual([Value]);
  }
});
