import {
  CreateRoleCommand,
  GetContextKeysForCustomPolicyCommand,
  GetContextKeysForPrincipalPolicyCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ACCOUNT,
  allow,
  type IamHost,
  noSuchEntity,
  policy,
  refusal,
  startIamHost,
  trust,
} from '../testing/iam-host.ts';

let host: IamHost;
beforeAll(async () => {
  host = await startIamHost();
});
afterAll(() => host.close());

const HOME = `arn:aws:s3:::home/\${aws:username}/\${aws:PrincipalTag/team, 'none'}/\${*}`;
const CONDITION = {
  StringLike: { 'S3:Prefix': [`\${aws:userid}/*`, '*'], 'aws:username': 'x' },
  Bool: { 'aws:SecureTransport': 'true' },
};

it('lists the keys of conditions and variables once, as they are written first', async () => {
  const PolicyInputList = [policy(allow('s3:*', HOME, { Condition: CONDITION })), policy(allow('s3:*', HOME))];
  const { ContextKeyNames } = await host.root.send(new GetContextKeysForCustomPolicyCommand({ PolicyInputList }));
  expect(ContextKeyNames).toEqual([
    'aws:username',
    'aws:PrincipalTag/team',
    'S3:Prefix',
    'aws:userid',
    'aws:SecureTransport',
  ]);
});

it('knows no variables in documents older than they are', async () => {
  const old = policy(allow('s3:*', HOME, { Condition: CONDITION })).replace('2012-10-17', '2008-10-17');
  const ask = new GetContextKeysForCustomPolicyCommand({ PolicyInputList: [old] });
  const { ContextKeyNames } = await host.root.send(ask);
  expect(ContextKeyNames).toEqual(['S3:Prefix', 'aws:username', 'aws:SecureTransport']);
});

it('refuses a policy that is none', async () => {
  const ask = new GetContextKeysForCustomPolicyCommand({ PolicyInputList: [policy(allow('*')), 'x'] });
  await expect(host.root.send(ask)).rejects.toMatchObject(
    refusal('InvalidInputException', 400, 'Invalid Input PolicyInputList.2: This policy contains invalid Json'),
  );
});

it('adds the policies of an entity', async () => {
  await host.root.send(new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument: trust() }));
  const PolicyDocument = policy(allow('s3:*', HOME));
  await host.root.send(new PutRolePolicyCommand({ RoleName: 'reader', PolicyName: 'own', PolicyDocument }));
  const keysOf = (name: string, ...PolicyInputList: string[]) =>
    host.root.send(
      new GetContextKeysForPrincipalPolicyCommand({
        PolicySourceArn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
        PolicyInputList,
      }),
    );
  const given = policy(allow('s3:*', '*', { Condition: { Null: { 'my:key': 'true' } } }));
  expect((await keysOf('reader', given)).ContextKeyNames).toEqual(['aws:username', 'aws:PrincipalTag/team', 'my:key']);
  await expect(keysOf('nobody')).rejects.toMatchObject(noSuchEntity('The role with name nobody cannot be found.'));
});
