import {
  AssociateVPCWithHostedZoneCommand,
  ChangeTagsForResourceCommand,
  CreateHealthCheckCommand,
  CreateHostedZoneCommand,
  DisassociateVPCFromHostedZoneCommand,
  GetHostedZoneCommand,
  GetHostedZoneLimitCommand,
  ListHostedZonesByVPCCommand,
  ListHostedZonesCommand,
  ListTagsForResourceCommand,
  ListTagsForResourcesCommand,
  type VPC,
} from '@aws-sdk/client-route-53';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Route53Host, refusal, startRoute53Host } from '../testing/route53-host.ts';

let host: Route53Host;
beforeAll(async () => {
  host = await startRoute53Host();
});
afterAll(() => host.close());

it('tags zones and health checks', async () => {
  const ResourceId = await host.zone('tags.test');
  const ResourceType = 'hostedzone';
  const change = (input: object) =>
    host.root.send(new ChangeTagsForResourceCommand({ ResourceType, ResourceId, ...input }));
  await change({ AddTags: [{ Key: 'team', Value: 'blue' }, { Key: 'env' }] });
  await change({ AddTags: [{ Key: 'team', Value: 'red' }], RemoveTagKeys: ['env', 'none'] });
  const tags = [{ Key: 'team', Value: 'red' }];
  const { ResourceTagSet } = await host.root.send(new ListTagsForResourceCommand({ ResourceType, ResourceId }));
  expect(ResourceTagSet).toEqual({ ResourceType, ResourceId, Tags: tags });
  const bare = await host.zone('bare.test');
  const { ResourceTagSets } = await host.root.send(
    new ListTagsForResourcesCommand({ ResourceType, ResourceIds: [ResourceId, bare] }),
  );
  expect(ResourceTagSets).toEqual([ResourceTagSet, { ResourceType, ResourceId: bare, Tags: [] }]);
  await expect(change({})).rejects.toMatchObject({ name: 'InvalidInput' });
  await expect(change({ AddTags: [{ Key: 'aws:x', Value: '' }] })).rejects.toMatchObject({ name: 'InvalidInput' });

  const HealthCheckConfig = { Type: 'TCP', IPAddress: '127.0.0.1', Port: 9 } as const;
  const made = await host.root.send(new CreateHealthCheckCommand({ CallerReference: 't', HealthCheckConfig }));
  const check = { ResourceType: 'healthcheck', ResourceId: made.HealthCheck!.Id! } as const;
  await host.root.send(new ChangeTagsForResourceCommand({ ...check, AddTags: tags }));
  expect((await host.root.send(new ListTagsForResourceCommand(check))).ResourceTagSet).toEqual({
    ...check,
    Tags: tags,
  });
  const none = new ListTagsForResourceCommand({ ResourceType: 'healthcheck', ResourceId: 'none' });
  await expect(host.root.send(none)).rejects.toMatchObject({ name: 'NoSuchHealthCheck' });
});

it('gives private zones to VPCs and takes them away', async () => {
  const vpc = (n: number): VPC => ({ VPCId: `vpc-0000000${n}`, VPCRegion: 'us-east-1' });
  const make = (Name: string, CallerReference: string, more: object) =>
    host.root.send(new CreateHostedZoneCommand({ Name, CallerReference, ...more }));
  const made = await make('in.test', 'private', { VPC: vpc(1), HostedZoneConfig: { PrivateZone: true } });
  expect(made).toMatchObject({ HostedZone: { Config: { PrivateZone: true } }, VPC: vpc(1) });
  const HostedZoneId = made.HostedZone!.Id!;
  const associate = (id: string, VPC: VPC) =>
    host.root.send(new AssociateVPCWithHostedZoneCommand({ HostedZoneId: id, VPC, Comment: 'more' }));
  const disassociate = (VPC: VPC) => host.root.send(new DisassociateVPCFromHostedZoneCommand({ HostedZoneId, VPC }));
  expect((await associate(HostedZoneId, vpc(2))).ChangeInfo).toMatchObject({ Status: 'PENDING', Comment: 'more' });
  const shown = await host.root.send(new GetHostedZoneCommand({ Id: HostedZoneId }));
  expect(shown).toMatchObject({ VPCs: [vpc(1), vpc(2)] });
  expect(shown.DelegationSet).toBeUndefined();
  const limit = new GetHostedZoneLimitCommand({ HostedZoneId, Type: 'MAX_VPCS_ASSOCIATED_BY_ZONE' });
  expect(await host.root.send(limit)).toMatchObject({ Limit: { Value: 300 }, Count: 2 });

  await expect(associate(HostedZoneId, vpc(2))).rejects.toMatchObject({ name: 'ConflictingDomainExists' });
  await expect(make('in.test', 'again', { VPC: vpc(1) })).rejects.toMatchObject({ name: 'ConflictingDomainExists' });
  await expect(associate(await host.zone('public.test'), vpc(1))).rejects.toMatchObject({
    name: 'PublicZoneVPCAssociation',
  });
  await expect(associate(HostedZoneId, { VPCId: 'x', VPCRegion: 'us-east-1' })).rejects.toMatchObject(
    refusal('InvalidVPCId', 400, 'The VPC ID x is not valid.'),
  );
  await expect(make('b.test', 'b', { HostedZoneConfig: { PrivateZone: true } })).rejects.toMatchObject(
    refusal('InvalidInput', 400, 'When creating a private hosted zone, you must specify a VPC.'),
  );

  const { HostedZoneSummaries } = await host.root.send(new ListHostedZonesByVPCCommand(vpc(2) as Required<VPC>));
  expect(HostedZoneSummaries).toEqual([
    { HostedZoneId: HostedZoneId.slice(12), Name: 'in.test.', Owner: { OwningAccount: '123456789012' } },
  ]);
  const listed = await host.root.send(new ListHostedZonesCommand({ HostedZoneType: 'PrivateHostedZone' }));
  expect(listed.HostedZones?.map(zone => zone.Name)).toEqual(['in.test.']);

  await expect(disassociate(vpc(3))).rejects.toMatchObject({ name: 'VPCAssociationNotFound' });
  await disassociate(vpc(1));
  await expect(disassociate(vpc(2))).rejects.toMatchObject({ name: 'LastVPCAssociation' });
});
