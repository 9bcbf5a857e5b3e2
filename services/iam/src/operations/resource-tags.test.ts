/** Tags of what is no principal: policies, instance profiles, OIDC providers. All pass the same tests. */
import * as iam from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, allow, type IamHost, policy, startIamHost } from '../testing/iam-host.ts';

let host: IamHost;
beforeAll(async () => {
  host = await startIamHost();
  const tagged = { Tags: [{ Key: 'first', Value: '0' }] };
  await host.root.send(
    new iam.CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: policy(allow('s3:*')), ...tagged }),
  );
  await host.root.send(new iam.CreateInstanceProfileCommand({ InstanceProfileName: 'p', ...tagged }));
  await host.root.send(new iam.CreateOpenIDConnectProviderCommand({ Url: 'https://p.example', ...tagged }));
});
afterAll(() => host.close());

const arn = (resource: string) => `arn:aws:iam::${ACCOUNT}:${resource}`;
type Fields = Record<string, unknown>;
type Command = new (input: object) => never;
const COMMANDS = new Map<string, unknown>(Object.entries(iam));

const send = async (client: iam.IAMClient, operation: string, input: object): Promise<Fields> => ({
  ...(await client.send(new (COMMANDS.get(`${operation}Command`) as Command)(input))),
});

describe.each([
  ['Policy', 'PolicyArn', arn('policy/p'), arn('policy/gone')],
  ['InstanceProfile', 'InstanceProfileName', 'P', 'gone'],
  ['OpenIDConnectProvider', 'OpenIDConnectProviderArn', arn('oidc-provider/p.example'), arn('oidc-provider/gone')],
] as const)('%s', (kind, member, name, gone) => {
  const run = (operation: string, more: Fields = {}) => send(host.root, operation, { [member]: name, ...more });

  it('keeps tags', async () => {
    const Tags = ['a', 'b', 'c'].map(Key => ({ Key, Value: `${Key}1` }));
    await run(`Tag${kind}`, { Tags });
    await run(`Tag${kind}`, { Tags: [{ Key: 'B', Value: 'b2' }] });
    await run(`Untag${kind}`, { TagKeys: ['C', 'none', 'first'] });
    const kept = [Tags[0], { Key: 'B', Value: 'b2' }];
    expect(await run(`List${kind}Tags`)).toMatchObject({ Tags: kept, IsTruncated: false });
    const first = await run(`List${kind}Tags`, { MaxItems: 1 });
    const second = await run(`List${kind}Tags`, { Marker: first.Marker });
    expect([first.Tags, second.Tags].flat()).toEqual(kept);
    const many = Array.from({ length: 49 }, (_, n) => ({ Key: `k${n}`, Value: '' }));
    await expect(run(`Tag${kind}`, { Tags: many })).rejects.toMatchObject({ name: 'LimitExceededException' });
  });

  it('asks policies about the tags it has and gets', async () => {
    const condition = { StringEquals: { 'aws:ResourceTag/a': 'a1', 'aws:RequestTag/new': 'yes' } };
    const tagger = await host.user(`tagger-${kind}`, allow(`iam:Tag${kind}`, '*', { Condition: condition }));
    const tag = (Key: string) => send(tagger, `Tag${kind}`, { [member]: name, Tags: [{ Key, Value: 'yes' }] });
    await tag('new');
    await expect(tag('other')).rejects.toMatchObject({ name: 'AccessDenied' });
    await run(`Untag${kind}`, { TagKeys: ['a'] });
    await expect(tag('new')).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('is shown to whom its tags let', async () => {
    const when = (value: string) => ({ Condition: { StringEquals: { 'iam:ResourceTag/b': value } } });
    const show = (client: iam.IAMClient) => send(client, `Get${kind}`, { [member]: name });
    await show(await host.user(`reader-${kind}`, allow(`iam:Get${kind}`, '*', when('b2'))));
    const other = await host.user(`other-${kind}`, allow(`iam:Get${kind}`, '*', when('other')));
    await expect(show(other)).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it.each([
    [`Tag${kind}`, { Tags: [] }],
    [`Untag${kind}`, { TagKeys: [] }],
    [`List${kind}Tags`, {}],
  ])('%s says when there is none of that name', async (operation, more) => {
    await expect(send(host.root, operation, { [member]: gone, ...more })).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
  });
});
