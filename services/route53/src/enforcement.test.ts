/** Who may do what: the operations of Route 53 under policies, with AWS's sentences for those who may not. */
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  GetHostedZoneCommand,
  ListHostedZonesCommand,
} from '@aws-sdk/client-route-53';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ACCOUNT, a, type Route53Host, refusal, startRoute53Host, upsert } from './testing/route53-host.ts';

let host: Route53Host;
beforeAll(async () => {
  host = await startRoute53Host();
});
afterAll(() => host.close());

const allow = (Action: string, Resource: string, more: object = {}) => ({ Effect: 'Allow', Action, Resource, ...more });
const denied = (user: string, action: string, resource: string) =>
  refusal(
    'AccessDenied',
    403,
    `User: arn:aws:iam::${ACCOUNT}:user/${user} is not authorized to perform: route53:${action} on resource: ${resource} because no identity-based policy allows the route53:${action} action`,
  );

it('lets a user do what its policy allows, on the zones that it names', async () => {
  const [mine, other] = [await host.zone('mine.test'), await host.zone('other.test')];
  const arn = (id: string) => `arn:aws:route53:::hostedzone/${id}`;
  const ann = await host.user('ann', allow('route53:Get*', arn(mine)), allow('route53:List*', '*'));
  await ann.send(new GetHostedZoneCommand({ Id: mine }));
  await ann.send(new GetHostedZoneCommand({ Id: `/hostedzone/${mine}` }));
  await ann.send(new ListHostedZonesCommand({}));
  await expect(ann.send(new GetHostedZoneCommand({ Id: other }))).rejects.toMatchObject(
    denied('ann', 'GetHostedZone', arn(other)),
  );
  const create = new CreateHostedZoneCommand({ Name: 'new.test', CallerReference: 'ann' });
  await expect(ann.send(create)).rejects.toMatchObject(denied('ann', 'CreateHostedZone', '*'));
});

it('knows the names, types and actions of a batch', async () => {
  const HostedZoneId = await host.zone('keys.test');
  const bob = await host.user(
    'bob',
    allow('route53:ChangeResourceRecordSets', '*', {
      Condition: {
        'ForAllValues:StringLike': {
          'route53:ChangeResourceRecordSetsNormalizedRecordNames': ['*.dev.keys.test'],
          'route53:ChangeResourceRecordSetsRecordTypes': ['A'],
          'route53:ChangeResourceRecordSetsActions': ['UPSERT'],
        },
      },
    }),
  );
  const change = (...names: string[]) =>
    bob.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId,
        ChangeBatch: { Changes: names.map(name => upsert(a(name, '192.0.2.1'))) },
      }),
    );
  await change('x.dev.keys.test', 'Y.Dev.Keys.test.');
  await expect(change('x.dev.keys.test', 'x.keys.test')).rejects.toMatchObject({ name: 'AccessDenied' });
});
