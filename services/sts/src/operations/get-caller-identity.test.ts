import { AssumeRoleWithSAMLCommand, GetCallerIdentityCommand, GetWebIdentityTokenCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ACCOUNT, assumed, ROOT, type StsHost, startStsHost, trusts } from '../testing/sts-host.ts';

let host: StsHost;
beforeAll(async () => {
  host = await startStsHost();
});
afterAll(() => host.close());

const who = new GetCallerIdentityCommand({});

it('knows the root of an account', async () => {
  const Arn = `arn:aws:iam::${ACCOUNT}:root`;
  expect(await host.client(ROOT).send(who)).toMatchObject({ Account: ACCOUNT, UserId: ACCOUNT, Arn });
  const development = host.client({ accessKeyId: 'test', secretAccessKey: 'test' });
  expect(await development.send(who)).toMatchObject({ Account: '000000000000', Arn: 'arn:aws:iam::000000000000:root' });
});

it('answers a user that may do nothing at all', async () => {
  const bob = await host.user('bob', { Effect: 'Deny', Action: '*', Resource: '*' });
  const Arn = `arn:aws:iam::${ACCOUNT}:user/bob`;
  expect(await bob.send(who)).toMatchObject({ Account: ACCOUNT, UserId: 'AIDABOB', Arn });
});

it('knows the session of a role', async () => {
  const session = await assumed(host, host.client(ROOT), await host.role('reader', [trusts(ACCOUNT)]));
  expect(await session.send(who)).toMatchObject({
    Account: ACCOUNT,
    UserId: 'AROAREADER:s1',
    Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/reader/s1`,
  });
});

it('answers operations that are not there as such, signed or not', async () => {
  const notThere = { name: 'NotImplemented', $metadata: { httpStatusCode: 501 } };
  const root = host.client(ROOT);
  const Audience = ['a'];
  await expect(
    root.send(new GetWebIdentityTokenCommand({ Audience, SigningAlgorithm: 'RS256' })),
  ).rejects.toMatchObject(notThere);
  const [RoleArn, PrincipalArn] = [`arn:aws:iam::${ACCOUNT}:role/r`, `arn:aws:iam::${ACCOUNT}:saml-provider/p`];
  await expect(
    root.send(new AssumeRoleWithSAMLCommand({ RoleArn, PrincipalArn, SAMLAssertion: 'none' })),
  ).rejects.toMatchObject(notThere);
});
