import {
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  GetAccountLimitCommand,
  GetChangeCommand,
  GetDNSSECCommand,
  GetHostedZoneCommand,
  GetHostedZoneCountCommand,
  GetHostedZoneLimitCommand,
  ListHostedZonesByNameCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  UpdateHostedZoneCommentCommand,
} from '@aws-sdk/client-route-53';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  a,
  create,
  NAME_SERVERS,
  type Route53Host,
  refusal,
  remove,
  startRoute53Host,
} from '../testing/route53-host.ts';

let host: Route53Host;
beforeAll(async () => {
  host = await startRoute53Host();
});
afterAll(() => host.close());

it('makes a zone with its own records, shows it, and deletes it when it is empty again', async () => {
  const made = await host.root.send(
    new CreateHostedZoneCommand({
      Name: 'Example.COM',
      CallerReference: 'once',
      HostedZoneConfig: { Comment: 'mine' },
    }),
  );
  const Id = made.HostedZone!.Id!;
  expect(Id).toMatch(/^\/hostedzone\/Z[A-Z0-9]{20}$/);
  expect(made).toMatchObject({
    $metadata: { httpStatusCode: 201 },
    HostedZone: {
      Name: 'example.com.',
      CallerReference: 'once',
      Config: { Comment: 'mine', PrivateZone: false },
      ResourceRecordSetCount: 2,
    },
    ChangeInfo: { Id: expect.stringMatching(/^\/change\/C[A-Z0-9]{20}$/), Status: 'PENDING' },
    DelegationSet: { NameServers: NAME_SERVERS },
    Location: `https://route53.amazonaws.com/2013-04-01${Id}`,
  });
  const change = await host.root.send(new GetChangeCommand({ Id: made.ChangeInfo!.Id! }));
  expect(change.ChangeInfo).toEqual({ ...made.ChangeInfo, Status: 'INSYNC' });

  const shown = await host.root.send(new GetHostedZoneCommand({ Id }));
  expect(shown.HostedZone).toEqual(made.HostedZone);
  expect(shown.DelegationSet).toEqual(made.DelegationSet);
  const { ResourceRecordSets } = await host.root.send(new ListResourceRecordSetsCommand({ HostedZoneId: Id }));
  expect(ResourceRecordSets).toEqual([
    { Name: 'example.com.', Type: 'NS', TTL: 172_800, ResourceRecords: NAME_SERVERS.map(ns => ({ Value: `${ns}.` })) },
    {
      Name: 'example.com.',
      Type: 'SOA',
      TTL: 900,
      ResourceRecords: [{ Value: 'ns-1.test. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400' }],
    },
  ]);
  const commented = await host.root.send(new UpdateHostedZoneCommentCommand({ Id, Comment: 'ours' }));
  expect(commented.HostedZone?.Config?.Comment).toBe('ours');

  await host.change(Id, create(a('www.example.com', '192.0.2.1')));
  await expect(host.root.send(new DeleteHostedZoneCommand({ Id }))).rejects.toMatchObject(
    refusal(
      'HostedZoneNotEmpty',
      400,
      'The specified hosted zone contains non-required resource record sets and so cannot be deleted.',
    ),
  );
  await host.change(Id, remove(a('www.example.com', '192.0.2.1')));
  const deleted = await host.root.send(new DeleteHostedZoneCommand({ Id }));
  expect(deleted.ChangeInfo?.Status).toBe('PENDING');
  await expect(host.root.send(new GetHostedZoneCommand({ Id }))).rejects.toMatchObject(
    refusal('NoSuchHostedZone', 404, `No hosted zone found with ID: ${Id.replace('/hostedzone/', '')}`),
  );
});

it('makes a zone once for a reference, and as many of a name as are asked for', async () => {
  const make = (Name: string, CallerReference: string) =>
    host.root.send(new CreateHostedZoneCommand({ Name, CallerReference }));
  const first = await make('twice.test', 'r1');
  await expect(make('other.test', 'r1')).rejects.toMatchObject(
    refusal(
      'HostedZoneAlreadyExists',
      409,
      'A hosted zone has already been created with the specified caller reference: r1',
    ),
  );
  const second = await make('twice.test', 'r2');
  expect(second.HostedZone?.Id).not.toBe(first.HostedZone?.Id);
  const stranger = host.client('210987654321');
  await stranger.send(new CreateHostedZoneCommand({ Name: 'twice.test', CallerReference: 'r1' }));
  await expect(stranger.send(new GetHostedZoneCommand({ Id: first.HostedZone!.Id! }))).rejects.toMatchObject({
    name: 'NoSuchHostedZone',
  });
});

it.each([
  ['', 'Domain name is empty'],
  ['.', 'is not the name of a domain'],
  ['a..b', 'Domain label is empty'],
  ['sp ace.test', 'unsupported characters'],
  [`${'x'.repeat(64)}.test`, 'Domain label is too long'],
  [`${'x.'.repeat(130)}test`, 'Domain name is too long'],
  ['*.test', 'is not the name of a domain'],
])('refuses a zone of the name %j', async (Name, why) => {
  const call = host.root.send(new CreateHostedZoneCommand({ Name, CallerReference: `bad-${Name.slice(0, 64)}` }));
  await expect(call).rejects.toMatchObject(refusal('InvalidDomainName', 400, expect.stringContaining(why)));
});

it('lists zones in pages: by id, and by name with labels reversed', async () => {
  const other = host.client('111111111111');
  for (const Name of ['b.test', 'a.b.test', 'z.example', 'a.test'])
    await other.send(new CreateHostedZoneCommand({ Name, CallerReference: Name }));
  const seen: (string | undefined)[] = [];
  let Marker: string | undefined;
  do {
    const page = await other.send(new ListHostedZonesCommand({ Marker, MaxItems: 3 }));
    expect(page.MaxItems).toBe(3);
    expect(page.IsTruncated).toBe(page.NextMarker !== undefined);
    seen.push(...page.HostedZones!.map(zone => zone.Name));
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  expect(seen.toSorted()).toEqual(['a.b.test.', 'a.test.', 'b.test.', 'z.example.']);

  const byName = await other.send(new ListHostedZonesByNameCommand({ MaxItems: 2 }));
  expect(byName.HostedZones?.map(zone => zone.Name)).toEqual(['z.example.', 'a.test.']);
  expect(byName).toMatchObject({ IsTruncated: true, NextDNSName: 'b.test.' });
  const next = await other.send(
    new ListHostedZonesByNameCommand({ DNSName: byName.NextDNSName, HostedZoneId: byName.NextHostedZoneId }),
  );
  expect(next.HostedZones?.map(zone => zone.Name)).toEqual(['b.test.', 'a.b.test.']);
  expect(await other.send(new GetHostedZoneCountCommand({}))).toMatchObject({ HostedZoneCount: 4 });
  const limit = await other.send(new GetAccountLimitCommand({ Type: 'MAX_HOSTED_ZONES_BY_OWNER' }));
  expect(limit).toMatchObject({ Limit: { Value: 500 }, Count: 4 });
  await expect(other.send(new GetAccountLimitCommand({ Type: 'MAX_TRAFFIC_POLICIES_BY_OWNER' }))).rejects.toMatchObject(
    { name: 'InvalidInput' },
  );
  await expect(other.send(new ListHostedZonesByNameCommand({ HostedZoneId: 'Z1' }))).rejects.toMatchObject({
    name: 'InvalidInput',
  });
  await expect(other.send(new ListHostedZonesCommand({ MaxItems: 0 }))).rejects.toMatchObject({ name: 'InvalidInput' });
});

it('tells limits of a zone, and that nothing is signed', async () => {
  const HostedZoneId = await host.zone('limits.test');
  const limit = (Type: 'MAX_RRSETS_BY_ZONE' | 'MAX_VPCS_ASSOCIATED_BY_ZONE') =>
    host.root.send(new GetHostedZoneLimitCommand({ HostedZoneId, Type }));
  expect(await limit('MAX_RRSETS_BY_ZONE')).toMatchObject({ Limit: { Value: 10_000 }, Count: 2 });
  await expect(limit('MAX_VPCS_ASSOCIATED_BY_ZONE')).rejects.toMatchObject({ name: 'HostedZoneNotPrivate' });
  expect(await host.root.send(new GetDNSSECCommand({ HostedZoneId }))).toMatchObject({
    Status: { ServeSignature: 'NOT_SIGNING' },
    KeySigningKeys: [],
  });
});

it('does not know a change that nobody made', async () => {
  await expect(host.root.send(new GetChangeCommand({ Id: 'C0' }))).rejects.toMatchObject(
    refusal('NoSuchChange', 404, 'Could not find resource with ID: C0'),
  );
});
