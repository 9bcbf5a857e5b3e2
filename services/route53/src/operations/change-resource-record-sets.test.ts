/** Batches of changes: what is taken, what is refused, in which words, and that a refused batch changes nothing. */
import {
  type Change,
  ChangeResourceRecordSetsCommand,
  CreateHealthCheckCommand,
  GetHostedZoneCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  type RRType,
} from '@aws-sdk/client-route-53';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { a, create, type Route53Host, refusal, remove, startRoute53Host, upsert } from '../testing/route53-host.ts';

let host: Route53Host;
let zone: string;
beforeAll(async () => {
  host = await startRoute53Host();
  zone = await host.zone('z.test');
  await host.change(
    zone,
    create(a('a.z.test', '192.0.2.1')),
    create({ Name: 'c.z.test', Type: 'CNAME', TTL: 60, ResourceRecords: [{ Value: 'a.z.test' }] }),
    create(a('w.z.test', '192.0.2.2', { SetIdentifier: 'w1', Weight: 1 })),
    create(a('l.z.test', '192.0.2.3', { SetIdentifier: 'l1', Region: 'us-east-1' })),
    create(a('f.z.test', '192.0.2.4', { SetIdentifier: 'f1', Failover: 'PRIMARY' })),
    create(a('g.z.test', '192.0.2.5', { SetIdentifier: 'g1', GeoLocation: { CountryCode: '*' } })),
    create(a('m.z.test', '192.0.2.6', { SetIdentifier: 'm1', MultiValueAnswer: true })),
  );
});
afterAll(() => host.close());

const listed = async () =>
  (await host.root.send(new ListResourceRecordSetsCommand({ HostedZoneId: zone }))).ResourceRecordSets!;

const send = (...Changes: Change[]) =>
  host.root.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zone, ChangeBatch: { Changes } }));

const of = (Type: RRType, Name: string, ...values: string[]): ResourceRecordSet => ({
  Name,
  Type,
  TTL: 60,
  ResourceRecords: values.map(Value => ({ Value })),
});

const alias = (Name: string, DNSName: string, Type: RRType = 'A', HostedZoneId = zone): ResourceRecordSet => ({
  Name,
  Type,
  AliasTarget: { HostedZoneId, DNSName, EvaluateTargetHealth: false },
});

const bad = (problem: string, value: string) =>
  `Invalid Resource Record: 'FATAL problem: ${problem} encountered with '${value}''`;
const inWords = (name: string, type = 'A') => `RRSet with DNS name ${name}.z.test., type ${type}`;
const same = 'set exists with the same name and type.';

/** Batches that are no batch, and everything that is said about them. */
const refused: Record<string, [changes: () => Change[], ...messages: string[]]> = {
  'creates what exists': [
    () => [create(a('A.z.test.', '192.0.2.9'))],
    "Tried to create resource record set [name='a.z.test.', type='A'] but it already exists",
  ],
  'creates what exists, of several': [
    () => [create(a('w.z.test', '192.0.2.9', { SetIdentifier: 'w1', Weight: 5 }))],
    "Tried to create resource record set [name='w.z.test.', type='A', set-identifier='w1'] but it already exists",
  ],
  'deletes what is not there': [
    () => [remove(a('none.z.test', '192.0.2.9'))],
    "Tried to delete resource record set [name='none.z.test.', type='A'] but it was not found",
  ],
  'deletes with other values': [
    () => [remove(a('a.z.test', '192.0.2.9'))],
    "Tried to delete resource record set [name='a.z.test.', type='A'] but the values provided do not match the current values",
  ],
  'deletes with another TTL': [
    () => [remove(a('a.z.test', '192.0.2.1', { TTL: 61 }))],
    "Tried to delete resource record set [name='a.z.test.', type='A'] but the values provided do not match the current values",
  ],
  'changes one record set twice': [
    () => [upsert(a('a.z.test', '192.0.2.8')), upsert(a('a.z.test', '192.0.2.9'))],
    "The request contains an invalid set of changes for a resource record set 'A a.z.test.'",
  ],
  'several problems at once': [
    () => [
      create(a('a.z.test', '192.0.2.9')),
      create(a('ok.z.test', '192.0.2.9')),
      create(a('x.other.test', '1.1.1.1')),
    ],
    "Tried to create resource record set [name='a.z.test.', type='A'] but it already exists",
    'RRSet with DNS name x.other.test. is not permitted in zone z.test.',
  ],
  'a name that only looks to be in the zone': [
    () => [create(a('xz.test', '192.0.2.9'))],
    'RRSet with DNS name xz.test. is not permitted in zone z.test.',
  ],
  'a CNAME beside others': [
    () => [create(of('CNAME', 'a.z.test', 'b.test'))],
    'RRSet of type CNAME with DNS name a.z.test. is not permitted as it conflicts with other records with the same DNS name in zone z.test.',
  ],
  'others beside a CNAME': [
    () => [create(a('c.z.test', '192.0.2.9'))],
    'RRSet of type A with DNS name c.z.test. is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone z.test.',
  ],
  'a CNAME at the apex': [
    () => [create(of('CNAME', 'z.test', 'b.test'))],
    'RRSet of type CNAME with DNS name z.test. is not permitted at apex in zone z.test.',
  ],
  'a CNAME of two': [
    () => [create(of('CNAME', 'two.z.test', 'b.test', 'c.test'))],
    'RRSet of type CNAME with DNS name two.z.test must have exactly one value',
  ],
  'a DS at the apex': [
    () => [create(of('DS', 'z.test', '1 8 2 abcd'))],
    'RRSet of type DS with DNS name z.test. is not permitted at apex in zone z.test.',
  ],
  'an SOA below the apex': [
    () => [create(of('SOA', 'b.z.test', 'a. b. 1 2 3 4 5'))],
    'A HostedZone must contain exactly one SOA record.',
  ],
  'simple beside weighted': [
    () => [create(a('w.z.test', '192.0.2.9'))],
    `${inWords('w')} cannot be created as other RRSets exist with the same name and type.`,
  ],
  'weighted beside simple': [
    () => [create(a('a.z.test', '192.0.2.9', { SetIdentifier: 'x', Weight: 1 }))],
    `${inWords('a')}, SetIdentifier x cannot be created as a non-weighted ${same}`,
  ],
  'latency beside weighted': [
    () => [create(a('w.z.test', '192.0.2.9', { SetIdentifier: 'x', Region: 'us-east-1' }))],
    `${inWords('w')}, SetIdentifier x cannot be created as a non-latency ${same}`,
  ],
  'failover beside geolocation': [
    () => [create(a('g.z.test', '192.0.2.9', { SetIdentifier: 'x', Failover: 'PRIMARY' }))],
    `${inWords('g')}, SetIdentifier x cannot be created as a non-failover ${same}`,
  ],
  'multivalue beside simple': [
    () => [create(a('a.z.test', '192.0.2.9', { SetIdentifier: 'x', MultiValueAnswer: true }))],
    `${inWords('a')}, SetIdentifier x cannot be created because a non multivalue answer rrset exists with the same name and type.`,
  ],
  'weights with different TTLs': [
    () => [create(a('w.z.test', '192.0.2.9', { SetIdentifier: 'x', Weight: 1, TTL: 61 }))],
    `${inWords('w')}, SetIdentifier x cannot be created as weighted sets must contain the same TTL.`,
  ],
  'a region twice': [
    () => [create(a('l.z.test', '192.0.2.9', { SetIdentifier: 'x', Region: 'us-east-1' }))],
    `${inWords('l')}, SetIdentifier x, and Region Name=us-east-1 cannot be created because a latency RRSet with the same name, type and region already exists.`,
  ],
  'two primaries': [
    () => [create(a('f.z.test', '192.0.2.9', { SetIdentifier: 'x', Failover: 'PRIMARY' }))],
    `${inWords('f')}, SetIdentifier x, and Failover=PRIMARY cannot be created because a failover RRSet with the same name, type and failover already exists.`,
  ],
  'a location twice': [
    () => [create(a('g.z.test', '192.0.2.9', { SetIdentifier: 'x', GeoLocation: { CountryCode: '*' } }))],
    `${inWords('g')}, SetIdentifier x, and GeoLocation [ContinentCode=null, CountryCode=*, SubdivisionCode=null] cannot be created because a geolocation RRSet with the same name, type and geolocation already exists.`,
  ],
  'a location that is none': [
    () => [create(a('h.z.test', '192.0.2.9', { SetIdentifier: 'x', GeoLocation: { ContinentCode: 'XX' } }))],
    'Geolocation of the RRSet with DNS name h.z.test names no continent',
  ],
  'a multivalue answer of two': [
    () => [create({ ...of('A', 'n.z.test', '192.0.2.1', '192.0.2.2'), SetIdentifier: 'x', MultiValueAnswer: true })],
    'RRSet with DNS name n.z.test, type A must have exactly one value as it is a multivalue answer',
  ],
  'a multivalue CNAME': [
    () => [create({ ...of('CNAME', 'n.z.test', 'b.test'), SetIdentifier: 'x', MultiValueAnswer: true })],
    'RRSet of type CNAME with DNS name n.z.test. cannot be a multivalue answer',
  ],
  'weighted NS': [
    () => [create({ ...of('NS', 'n.z.test', 'b.test'), SetIdentifier: 'x', Weight: 1 })],
    'RRSet of type NS with DNS name n.z.test. can be neither an alias nor have a routing policy',
  ],
  'an alias to nothing': [
    () => [create(alias('al.z.test', 'none.z.test'))],
    'Tried to create an alias that targets none.z.test., type A in zone ZONE, but that target was not found',
  ],
  'an alias to another type': [
    () => [create(alias('al.z.test', 'a.z.test', 'AAAA'))],
    'Tried to create an alias that targets a.z.test., type AAAA in zone ZONE, but that target was not found',
  ],
  'an alias to another domain': [
    () => [create(alias('al.z.test', 'b.test'))],
    'Tried to create an alias that targets b.test., type A in zone ZONE, but the alias target name does not lie within the target zone',
    'Tried to create an alias that targets b.test., type A in zone ZONE, but that target was not found',
  ],
  'an alias into a zone elsewhere': [
    () => [create(alias('al.z.test', 'b.test', 'A', 'ZELSEWHERE'))],
    'Tried to create an alias that targets b.test., type A in zone ZELSEWHERE, but the alias target name does not lie within the target zone',
  ],
  'an alias to itself': [
    () => [create(alias('al.z.test', 'al.z.test'))],
    'Tried to create an alias that targets al.z.test., type A in zone ZONE, but an alias cannot target itself',
  ],
  'a value twice': [
    () => [create(of('A', 'b.z.test', '192.0.2.1', '192.0.2.1'))],
    "Duplicate Resource Record: '192.0.2.1'",
  ],
  'a label too long': [
    () => [create(a(`${'x'.repeat(64)}.z.test`, '192.0.2.1'))],
    `FATAL problem: DomainLabelTooLong (Domain label is too long) encountered with '${'x'.repeat(64)}.z.test'`,
  ],
  'an empty label': [
    () => [create(a('b..z.test', '192.0.2.1'))],
    "FATAL problem: DomainLabelEmpty (Domain label is empty) encountered with 'b..z.test'",
  ],
  'too many values': [
    () => [upsert(of('A', 'b.z.test', ...Array.from({ length: 501 }, (_, i) => `10.0.${i >> 8}.${i & 255}`)))],
    'Number of records limit of 1000 exceeded.',
  ],
  'too many characters': [
    () =>
      Array.from({ length: 9 }, (_, i) =>
        create(of('TXT', `t${i}.z.test`, Array.from({ length: 15 }, () => `"${'x'.repeat(255)}"`).join(' '))),
      ),
    'RDATA character limit of 32000 exceeded.',
  ],
};

const quotes = 'InvalidCharacterString (Value should be enclosed in quotation marks)';
/** Values that are none of their type, and what is wrong with them. */
const values: readonly (readonly [type: RRType, value: string, problem: string])[] = [
  ['A', '192.0.2', 'ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)'],
  ['A', '192.0.2.256', 'ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)'],
  ['A', '192.0.02.1', 'ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)'],
  ['A', '::1', 'ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)'],
  ['AAAA', '192.0.2.1', 'AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)'],
  ['AAAA', '1::2::3', 'AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)'],
  ['AAAA', '1:2:3:4:5:6:7', 'AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)'],
  ['AAAA', '::ffff:1.2.3.400', 'AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)'],
  ['CNAME', 'b..test', 'DomainLabelEmpty (Domain label is empty)'],
  ['PTR', 'b c.test', 'UnsupportedCharacter (Value contains unsupported characters)'],
  ['TXT', 'hello', quotes],
  ['TXT', '"a" b', quotes],
  ['TXT', '"unended', quotes],
  ['TXT', `"${'x'.repeat(256)}"`, 'CharacterStringTooLong (Value is too long)'],
  ['SPF', 'v=spf1', quotes],
  ['MX', 'mail.test', "MXRRDATANotTwoFields (MX record doesn't have 2 fields)"],
  ['MX', '70000 mail.test', 'MXRRDATAIllegalNumber (Value should be a whole number of 16 bits)'],
  ['SRV', '1 2 3', "SRVRRDATANotFourFields (SRV record doesn't have 4 fields)"],
  ['SRV', '1 2 99999 a.test', 'SRVRRDATAIllegalNumber (Value should be a whole number of 16 bits)'],
  ['CAA', '0 issue', "CAARRDATANotThreeFields (CAA record doesn't have 3 fields)"],
  ['CAA', '0 issue ca.test', quotes],
  ['CAA', '256 issue "ca.test"', 'CAARRDATAIllegalNumber (Value should be a whole number of 8 bits)'],
  ['DS', '1 8 2 xyz', 'DSRRDATAIllegalHexadecimal (Value should be hexadecimal digits)'],
  ['NAPTR', '1 2 u "sip" "" .', quotes],
  ['TLSA', '3 1 1', "TLSARRDATANotFourFields (TLSA record doesn't have 4 fields)"],
  ['SSHFP', '1 1 0', 'SSHFPRRDATAIllegalHexadecimal (Value should be hexadecimal digits)'],
];

describe('a batch with', () => {
  it.each(Object.entries(refused))('%s is refused, and changes nothing', async (_, [changes, ...texts]) => {
    const before = await listed();
    const messages = texts.map(text => text.replace('ZONE', zone));
    const expected = { ...refusal('InvalidChangeBatch', 400, `[${messages.join(', ')}]`), messages };
    await expect(send(...changes())).rejects.toMatchObject(expected);
    expect(await listed()).toEqual(before);
  });

  it.each(values)('%s %s is refused', async (type, value, problem) => {
    const name = `value.z.test`;
    await expect(send(create(of(type, name, value)))).rejects.toMatchObject(
      refusal('InvalidChangeBatch', 400, `[${bad(problem, value)}]`),
    );
  });
});

const members = (found: string) =>
  `Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found ${found} in Change with [Action=CREATE, Name=b.z.test, Type=A, SetIdentifier=null]`;
const policies = (found: string) =>
  `Invalid request: Expected exactly one of [Weight, Region, Failover, GeoLocation, MultiValueAnswer, GeoProximityLocation, or CidrRoutingConfig], but found ${found} in Change with [Action=CREATE, Name=b.z.test, Type=A, SetIdentifier=x]`;

/** Members that do not go together. */
const invalid: Record<string, [set: () => Partial<ResourceRecordSet>, message: string]> = {
  'neither values nor a target': [() => ({ TTL: undefined, ResourceRecords: undefined }), members('none')],
  'no TTL': [() => ({ TTL: undefined }), members('none')],
  'no values': [() => ({ ResourceRecords: undefined }), members('none')],
  'values and a target': [() => ({ AliasTarget: alias('', 'a.z.test').AliasTarget }), members('more than one')],
  'a weight without an identifier': [
    () => ({ Weight: 1 }),
    "Invalid request: Missing field 'SetIdentifier' in Change with [Action=CREATE, Name=b.z.test, Type=A, SetIdentifier=null]",
  ],
  'an identifier without a policy': [() => ({ SetIdentifier: 'x' }), policies('none')],
  'two policies': [() => ({ SetIdentifier: 'x', Weight: 1, Region: 'us-east-1' }), policies('more than one')],
  'a type that is not offered': [() => ({ Type: 'HTTPS' }), 'Record sets of type HTTPS are not offered here.'],
  'a bias': [
    () => ({ SetIdentifier: 'x', GeoProximityLocation: { AWSRegion: 'us-east-1' } }),
    'Record sets with GeoProximityLocation are not offered here.',
  ],
};

it.each(Object.entries(invalid))('refuses a record set with %s', async (_, [more, message]) => {
  const call = send(create(a('b.z.test', '192.0.2.1', more())));
  await expect(call).rejects.toMatchObject(refusal('InvalidInput', 400, message));
});

it('keeps the SOA and NS records of the zone, and lets them be changed', async () => {
  const [soa] = (await listed()).filter(({ Type }) => Type === 'SOA');
  const [ns] = (await listed()).filter(({ Type, Name }) => Type === 'NS' && Name === 'z.test.');
  await expect(send(remove(ns!), remove(soa!))).rejects.toMatchObject({
    messages: [
      'A HostedZone must contain at least one NS record for the zone itself.',
      'A HostedZone must contain exactly one SOA record.',
    ],
  });
  const changed = of('SOA', 'z.test', 'ns-1.test. hostmaster.z.test. 2 7200 900 1209600 300');
  await send(upsert(changed));
  expect(await host.ask(zone, 'z.test', 'SOA')).toEqual([changed.ResourceRecords![0]!.Value]);
  await send(upsert(soa!));
});

it('takes a batch as a whole: what conflicts before may be deleted in it, in any order', async () => {
  await send(create(of('CNAME', 'swap.z.test', 'a.z.test')), create(of('A', 'many.z.test', '192.0.2.1', '192.0.2.2')));
  await send(create(a('swap.z.test', '192.0.2.77')), remove(of('CNAME', 'swap.z.test', 'a.z.test')));
  expect(await host.ask(zone, 'swap.z.test')).toEqual(['192.0.2.77']);
  // The order of values does not matter, and a deletion may be followed by a creation.
  await send(remove(of('A', 'many.z.test', '192.0.2.2', '192.0.2.1')), create(a('many.z.test', '192.0.2.3')));
  expect(await host.ask(zone, 'many.z.test')).toEqual(['192.0.2.3']);
  // An alias and its target in one batch.
  await send(create(alias('first.z.test', 'second.z.test')), create(a('second.z.test', '192.0.2.4')));
  expect(await host.ask(zone, 'first.z.test')).toEqual(['192.0.2.4']);
});

it('counts the record sets of the zone', async () => {
  const count = async () =>
    (await host.root.send(new GetHostedZoneCommand({ Id: zone }))).HostedZone?.ResourceRecordSetCount;
  const before = (await count())!;
  expect(before).toBe((await listed()).length);
  await send(
    create(a('count1.z.test', '192.0.2.1')),
    upsert(a('count2.z.test', '192.0.2.1')),
    upsert(a('a.z.test', '192.0.2.1')),
  );
  expect(await count()).toBe(before + 2);
  await send(remove(a('count1.z.test', '192.0.2.1')), remove(a('count2.z.test', '192.0.2.1')));
  expect(await count()).toBe(before);
});

it('wants health checks that exist', async () => {
  const set = (HealthCheckId: string) => a('hc.z.test', '192.0.2.1', { SetIdentifier: 'x', Weight: 1, HealthCheckId });
  await expect(send(create(set('none')))).rejects.toMatchObject(
    refusal('NoSuchHealthCheck', 404, 'No health check exists with the specified ID: none'),
  );
  const HealthCheckConfig = { Type: 'TCP', IPAddress: '127.0.0.1', Port: 9 } as const;
  const made = await host.root.send(new CreateHealthCheckCommand({ CallerReference: 'hc', HealthCheckConfig }));
  await send(create(set(made.HealthCheck!.Id!)));
  expect((await listed()).find(({ Name }) => Name === 'hc.z.test.')).toEqual({
    ...set(made.HealthCheck!.Id!),
    Name: 'hc.z.test.',
  });
});

it('does not know the zone of another account', async () => {
  const stranger = host.client('210987654321');
  const command = { HostedZoneId: zone, ChangeBatch: { Changes: [create(a('b.z.test', '192.0.2.1'))] } };
  await expect(stranger.send(new ChangeResourceRecordSetsCommand(command))).rejects.toMatchObject({
    name: 'NoSuchHostedZone',
  });
});

it('answers the same call once more as the first time', async () => {
  const again = host.client('123456789012');
  const setId = (next: (args: { request: unknown }) => unknown) => (args: { request: unknown }) => {
    (args.request as { headers: Record<string, string> }).headers['amz-sdk-invocation-id'] = 'one-call';
    return next(args);
  };
  again.middlewareStack.addRelativeTo(setId as never, {
    relation: 'before',
    toMiddleware: 'httpSigningMiddleware',
    name: 'fixedInvocation',
  });
  const command = () =>
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: zone,
      ChangeBatch: { Changes: [create(a('retried.z.test', '192.0.2.1'))] },
    });
  const first = await again.send(command());
  expect((await again.send(command())).ChangeInfo).toEqual(first.ChangeInfo);
});
