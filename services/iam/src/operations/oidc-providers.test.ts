import {
  AddClientIDToOpenIDConnectProviderCommand,
  CreateOpenIDConnectProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  ListOpenIDConnectProvidersCommand,
  ListSAMLProvidersCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
  UpdateOpenIDConnectProviderThumbprintCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ACCOUNT, allow, type IamHost, noSuchEntity, refusal, startIamHost } from '../testing/iam-host.ts';

let host: IamHost;
beforeAll(async () => {
  host = await startIamHost();
});
afterAll(() => host.close());

const THUMBPRINT = 'AB'.repeat(20);

const create = async (Url: string, more: object = {}) =>
  (await host.root.send(new CreateOpenIDConnectProviderCommand({ Url, ...more }))).OpenIDConnectProviderArn!;
const show = (OpenIDConnectProviderArn: string) =>
  host.root.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
const clientIds = async (arn: string) => (await show(arn)).ClientIDList;

it('makes, shows, lists and deletes a provider, whose ARN follows from its URL', async () => {
  const Tags = [{ Key: 'team', Value: 'blue' }];
  const Url = 'https://token.example.com/tenant-1';
  const arn = await create(Url, { ClientIDList: ['sts.amazonaws.com', 'app'], ThumbprintList: [THUMBPRINT], Tags });
  expect(arn).toBe(`arn:aws:iam::${ACCOUNT}:oidc-provider/token.example.com/tenant-1`);
  expect(await show(arn)).toMatchObject({
    Url: 'token.example.com/tenant-1',
    ClientIDList: ['sts.amazonaws.com', 'app'],
    ThumbprintList: [THUMBPRINT.toLowerCase()],
    CreateDate: expect.any(Date),
    Tags,
  });
  expect(host.view.oidcProvider(arn)?.issuer).toBe(Url);
  const { OpenIDConnectProviderList: listed } = await host.root.send(new ListOpenIDConnectProvidersCommand({}));
  expect(listed).toEqual([{ Arn: arn }]);
  await expect(create(Url)).rejects.toMatchObject(
    refusal('EntityAlreadyExistsException', 409, `Provider with url ${Url} already exists.`),
  );
  // AWS does not normalise: another spelling is another provider.
  await create(`${Url}/`);
  await host.root.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }));
  await expect(show(arn)).rejects.toMatchObject(noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`));
});

it('changes audiences and thumbprints', async () => {
  const OpenIDConnectProviderArn = await create('https://changing.example.com');
  const add = (ClientID: string) =>
    host.root.send(new AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID }));
  for (const id of ['a', 'b', 'a']) await add(id);
  expect(await clientIds(OpenIDConnectProviderArn)).toEqual(['a', 'b']);
  for (const ClientID of ['a', 'none'])
    await host.root.send(new RemoveClientIDFromOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID }));
  expect(await clientIds(OpenIDConnectProviderArn)).toEqual(['b']);
  const ThumbprintList = ['0'.repeat(40), '1'.repeat(40)];
  await host.root.send(new UpdateOpenIDConnectProviderThumbprintCommand({ OpenIDConnectProviderArn, ThumbprintList }));
  expect((await show(OpenIDConnectProviderArn)).ThumbprintList).toEqual(ThumbprintList);
  for (let n = 1; n < 100; n++) await add(`client-${n}`);
  await expect(add('client-100')).rejects.toMatchObject(
    refusal('LimitExceededException', 409, 'Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100'),
  );
});

it.each([
  'issuer.example.com',
  'https://user@issuer.example.com',
  'https://issuer.example.com/?query',
  'https://issuer.example.com/#fragment',
  'https://',
])('refuses %s as the URL of an issuer', async url => {
  await expect(create(url)).rejects.toMatchObject(
    refusal('ValidationError', 400, 'Invalid Open ID Connect Provider URL'),
  );
});

it.each(['ftp://issuer.example.com', 'http://issuer.example.com'])('refuses the scheme of %s', async url => {
  const message = 'Invalid Open ID Connect Provider URL. The URL must begin with https://.';
  await expect(create(url)).rejects.toMatchObject(refusal('InvalidInputException', 400, message));
});

it('refuses thumbprints that are none, and more than five', async () => {
  const url = 'https://thumbs.example.com';
  await expect(create(url, { ThumbprintList: ['short'] })).rejects.toMatchObject({ name: 'ValidationError' });
  await expect(create(url, { ThumbprintList: ['x'.repeat(40)] })).rejects.toMatchObject({
    name: 'InvalidInputException',
  });
  const ThumbprintList = Array.from({ length: 6 }, (_, n) => String(n).repeat(40));
  await expect(create(url, { ThumbprintList })).rejects.toMatchObject({
    name: 'InvalidInputException',
    message: 'Thumbprint list must contain fewer than 5 entries.',
  });
});

it('takes an issuer of this machine, with its port', async () => {
  const arn = await create('http://127.0.0.1:8443');
  expect(arn).toBe(`arn:aws:iam::${ACCOUNT}:oidc-provider/127.0.0.1:8443`);
  expect(host.view.oidcProvider(arn)?.issuer).toBe('http://127.0.0.1:8443');
});

it('shows nobody the providers of others, and asks policies about ARN and tags', async () => {
  const arn = await create('https://private.example.com', { Tags: [{ Key: 'team', Value: 'blue' }] });
  const other = host.client({ accessKeyId: '210987654321', secretAccessKey: 'test' });
  const get = () => new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn });
  await expect(other.send(get())).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  expect((await other.send(new ListOpenIDConnectProvidersCommand({}))).OpenIDConnectProviderList).toEqual([]);
  const when = (team: string) => ({ Condition: { StringEquals: { 'aws:ResourceTag/team': team } } });
  const blue = await host.user('blue', allow('iam:GetOpenIDConnectProvider', arn, when('blue')));
  await blue.send(get());
  const red = await host.user('red', allow('iam:GetOpenIDConnectProvider', arn, when('red')));
  await expect(red.send(get())).rejects.toMatchObject({ name: 'AccessDenied' });
});

it('knows no SAML providers', async () => {
  expect((await host.root.send(new ListSAMLProvidersCommand({}))).SAMLProviderList).toEqual([]);
});
