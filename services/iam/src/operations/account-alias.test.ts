import {
  CreateAccountAliasCommand,
  DeleteAccountAliasCommand,
  GetAccountPasswordPolicyCommand,
  type IAMClient,
  ListAccountAliasesCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ACCOUNT, type IamHost, noSuchEntity, refusal, startIamHost } from '../testing/iam-host.ts';

let host: IamHost;
beforeAll(async () => {
  host = await startIamHost();
});
afterAll(() => host.close());

const create = (client: IAMClient, AccountAlias: string) =>
  client.send(new CreateAccountAliasCommand({ AccountAlias }));
const remove = (client: IAMClient, AccountAlias: string) =>
  client.send(new DeleteAccountAliasCommand({ AccountAlias }));
const list = async (client: IAMClient) => (await client.send(new ListAccountAliasesCommand({}))).AccountAliases;

it('gives an account one alias, which no other account has', async () => {
  const other = host.client({ accessKeyId: '210987654321', secretAccessKey: 'test' });
  expect(await list(host.root)).toEqual([]);
  await create(host.root, 'first-name');
  await create(host.root, 'second-name');
  expect(await list(host.root)).toEqual(['second-name']);
  const taken = refusal('EntityAlreadyExistsException', 409, 'The account alias second-name already exists.');
  await expect(create(other, 'second-name')).rejects.toMatchObject(taken);
  await create(other, 'first-name');
  await expect(remove(host.root, 'first-name')).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  await remove(host.root, 'second-name');
  expect(await list(host.root)).toEqual([]);
  expect(await list(other)).toEqual(['first-name']);
});

it.each(['ab', '-begins', 'ends-', 'two--hyphens', 'Upper'])('refuses the alias %s', async alias => {
  await expect(create(host.root, alias)).rejects.toMatchObject({ name: 'ValidationError' });
});

it('refuses an alias that could be the number of an account', async () => {
  await expect(create(host.root, '123456789012')).rejects.toMatchObject({ name: 'InvalidInputException' });
});

it('has no password policy', async () => {
  await expect(host.root.send(new GetAccountPasswordPolicyCommand({}))).rejects.toMatchObject(
    noSuchEntity(`The Password Policy with domain name ${ACCOUNT} cannot be found.`),
  );
});
