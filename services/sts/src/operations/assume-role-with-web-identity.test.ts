import {
  AssumeRoleWithWebIdentityCommand,
  type AssumeRoleWithWebIdentityCommandInput,
  GetCallerIdentityCommand,
  type STSClient,
} from '@aws-sdk/client-sts';
import { authenticate } from '@stormglass/identity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, ROOT, type StsHost, startStsHost } from '../testing/sts-host.ts';
import { AUDIENCE, signingKey, testIssuer } from '../testing/test-issuer.ts';
import { type IssuerFetch, IssuerMisbehaves, IssuerUnreachable } from '../web-identity/issuer-fetch.ts';

const issuer = testIssuer('https://login.example.com/tenant');
const NAME = 'login.example.com/tenant';
const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/${NAME}`;
const fetchIssuer: IssuerFetch = async ({ url }) => {
  if (url.host.startsWith('down')) throw new IssuerUnreachable('down');
  const document = issuer.documents.get(url.pathname.replace('/tenant', ''));
  if (document === undefined) throw new IssuerMisbehaves('404');
  return JSON.stringify(document);
};

let host: StsHost;
let client: STSClient;
let role: string;
const WEB = { Principal: { Federated: PROVIDER }, Effect: 'Allow' };
const trustAll = [{ ...WEB, Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession', 'sts:SetSourceIdentity'] }];
beforeAll(async () => {
  host = await startStsHost({ fetchIssuer });
  client = host.client(ROOT);
  const provider = { type: 'CreateOidcProvider', accountId: ACCOUNT, url: issuer.url } as const;
  await host.run({ ...provider, clientIds: [AUDIENCE, 'app'], thumbprints: ['0'.repeat(40)] });
  role = await host.role('web', trustAll, { maxSessionDurationSeconds: 7200 });
});
afterAll(() => host.close());

const call = (WebIdentityToken: string, more: Partial<AssumeRoleWithWebIdentityCommandInput> = {}) =>
  client.send(
    new AssumeRoleWithWebIdentityCommand({ RoleArn: role, RoleSessionName: 's1', WebIdentityToken, ...more }),
  );
const invalid = (message: string) => ({
  name: 'InvalidIdentityTokenException',
  message,
  $metadata: { httpStatusCode: 400 },
});
const refused = (action = 'sts:AssumeRoleWithWebIdentity') => ({
  name: 'AccessDenied',
  message: `Not authorized to perform ${action}`,
  $metadata: { httpStatusCode: 403 },
});

describe('a token that is good', () => {
  it('gives a session of the role', async () => {
    const answer = await call(issuer.token({ email: 'ann@example.com' }), { DurationSeconds: 7200 });
    expect(answer).toMatchObject({
      SubjectFromWebIdentityToken: 'ann',
      Audience: AUDIENCE,
      Provider: PROVIDER,
      AssumedRoleUser: { AssumedRoleId: 'AROAWEB:s1', Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/web/s1` },
    });
    const { AccessKeyId, SecretAccessKey, SessionToken } = answer.Credentials!;
    const keys = { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! };
    const who = await host.client(keys).send(new GetCallerIdentityCommand({}));
    expect(who.Arn).toBe(answer.AssumedRoleUser!.Arn);
    const presented = { ...keys, region: 'us-east-1', now: Date.now() };
    expect(authenticate(host.replica.view, presented)).toMatchObject({
      principal: { session: { federatedProvider: PROVIDER } },
    });
  });

  it.each([
    ['RS256', 'rsa'],
    ['RS384', 'rsa'],
    ['RS512', 'rsa'],
    ['PS256', 'rsa'],
    ['ES256', 'p256'],
    ['ES384', 'p384'],
  ] as const)('may be signed with %s', async (alg, key) => {
    await call(issuer.token({}, { alg }, issuer.keys[key]));
  });

  it('may have several audiences, or a party it was given to', async () => {
    expect((await call(issuer.token({ aud: ['other', 'app'] }))).Audience).toBe('app');
    expect((await call(issuer.token({ aud: ['other'], azp: 'app' }))).Audience).toBe('app');
  });

  it('needs no signature of the caller, nor a name of the service', async () => {
    const query = { Action: 'AssumeRoleWithWebIdentity', Version: '2011-06-15', RoleArn: role, RoleSessionName: 's1' };
    const body = new URLSearchParams({ ...query, WebIdentityToken: issuer.token() });
    const answer = await fetch(host.endpoint, { method: 'POST', body });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<SubjectFromWebIdentityToken>ann<');
    const unsigned = new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' });
    const refusal = await fetch(host.endpoint, { method: 'POST', body: unsigned });
    expect(await refusal.text()).toContain('<Code>MissingAuthenticationToken</Code>');
  });
});

describe('a token that is bad', () => {
  it('is refused in the words of AWS', async () => {
    const now = Math.floor(Date.now() / 1000);
    await expect(call('no.token')).rejects.toMatchObject(
      invalid('The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)'),
    );
    await expect(call(issuer.token({ iss: 'https://evil.example.com' }))).rejects.toMatchObject(
      invalid('No OpenIDConnect provider found in your account for https://evil.example.com'),
    );
    await expect(call(issuer.token({ iss: `http://${NAME}` }))).rejects.toMatchObject(
      invalid(`No OpenIDConnect provider found in your account for http://${NAME}`),
    );
    for (const claims of [{ aud: 'else' }, { aud: AUDIENCE, azp: 'else' }])
      await expect(call(issuer.token(claims))).rejects.toMatchObject(invalid('Incorrect token audience'));
    for (const claim of ['sub', 'aud', 'exp', 'iat', 'iss'])
      await expect(call(issuer.token({ [claim]: undefined }))).rejects.toMatchObject(
        invalid(`Missing a required claim: ${claim}`),
      );
    await expect(call(issuer.token({ exp: now - 1 }))).rejects.toMatchObject({
      name: 'ExpiredTokenException',
      message: expect.stringMatching(
        new RegExp(`^Token expired: current date/time \\d+ must be before the expiration date/time ${now - 1}$`),
      ),
    });
    for (const claims of [{ iat: now + 400 }, { nbf: now + 400 }])
      await expect(call(issuer.token(claims))).rejects.toMatchObject({ name: 'InvalidIdentityTokenException' });
    await expect(call(issuer.token({ sub: 7 }))).rejects.toMatchObject(invalid('Invalid claim: sub'));
  });

  it('is refused when its signature is not that of the issuer', async () => {
    const stranger = signingKey('rsa-1');
    await expect(call(issuer.token({}, {}, stranger))).rejects.toMatchObject(invalid('Token signature invalid'));
    const [head, , signature] = issuer.token().split('.');
    const [, body] = issuer.token({ sub: 'root' }).split('.');
    await expect(call(`${head}.${body}.${signature}`)).rejects.toMatchObject(invalid('Token signature invalid'));
    for (const alg of ['none', 'HS256'])
      await expect(call(issuer.token({}, { alg }))).rejects.toMatchObject({ name: 'InvalidIdentityTokenException' });
    // An algorithm of another family than the key's.
    await expect(call(issuer.token({}, { alg: 'ES256', kid: 'rsa-1' }, issuer.keys.p256))).rejects.toMatchObject({
      message: expect.stringContaining("Couldn't retrieve verification key"),
    });
    await expect(call(issuer.token({}, { crit: ['b64'] }))).rejects.toMatchObject({
      message: expect.stringContaining('not a valid JWT'),
    });
  });

  it('is not passed on to providers that are no OpenID Connect ones', async () => {
    await expect(call('an-opaque-token', { ProviderId: 'graph.facebook.com' })).rejects.toMatchObject({
      name: 'IDPRejectedClaimException',
      $metadata: { httpStatusCode: 403 },
    });
  });
});

describe('trust', () => {
  it('goes by audience, subject, methods and e-mail address', async () => {
    const keys = {
      [`${NAME}:aud`]: 'app',
      [`${NAME}:sub`]: 'ann',
      [`${NAME}:email`]: 'ann@example.com',
      'aws:FederatedProvider': PROVIDER,
    };
    const Condition = { StringEquals: keys, 'ForAnyValue:StringEquals': { [`${NAME}:amr`]: 'mfa' } };
    const RoleArn = await host.role('picky', [{ ...WEB, Action: 'sts:AssumeRoleWithWebIdentity', Condition }]);
    const good = { aud: 'app', email: 'ann@example.com', amr: ['pwd', 'mfa'] };
    await call(issuer.token(good), { RoleArn });
    for (const wrong of [{ aud: AUDIENCE }, { sub: 'bob' }, { amr: ['pwd'] }, { email: 'bob@example.com' }])
      await expect(call(issuer.token({ ...good, ...wrong }), { RoleArn })).rejects.toMatchObject(refused());
  });

  it('tells nothing of roles that do not trust, or do not exist', async () => {
    const RoleArn = await host.role('closed', [{ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:*' }]);
    await expect(call(issuer.token(), { RoleArn })).rejects.toMatchObject(refused());
    await expect(call(issuer.token(), { RoleArn: `${role}-none` })).rejects.toMatchObject(refused());
    const elsewhere = role.replace(ACCOUNT, '210987654321');
    await expect(call(issuer.token(), { RoleArn: elsewhere })).rejects.toMatchObject(
      invalid(`No OpenIDConnect provider found in your account for ${issuer.url}`),
    );
  });

  it('is needed for tags and a source identity, too', async () => {
    const tags = { principal_tags: { team: ['blue'], cost: '7' }, transitive_tag_keys: ['team'] };
    const claims = { 'https://aws.amazon.com/tags': tags, 'https://aws.amazon.com/source_identity': 'ann' };
    const { Credentials, SourceIdentity, PackedPolicySize } = await call(issuer.token(claims));
    expect([SourceIdentity, PackedPolicySize]).toEqual(['ann', expect.any(Number)]);
    const keys = { accessKeyId: Credentials!.AccessKeyId!, sessionToken: Credentials!.SessionToken! };
    expect(authenticate(host.replica.view, { ...keys, region: 'us-east-1', now: Date.now() })).toMatchObject({
      principal: {
        tags: [
          { key: 'team', value: 'blue' },
          { key: 'cost', value: '7' },
        ],
        transitiveTagKeys: ['team'],
        session: { sourceIdentity: 'ann' },
      },
    });
    const flat = { 'https://aws.amazon.com/tags/principal_tags/team': 'blue' };
    expect((await call(issuer.token(flat))).PackedPolicySize).toBeGreaterThan(0);
    const RoleArn = await host.role('untagged', [{ ...WEB, Action: 'sts:AssumeRoleWithWebIdentity' }]);
    await expect(call(issuer.token(flat), { RoleArn })).rejects.toMatchObject(refused('sts:TagSession'));
    const sourced = issuer.token({ 'https://aws.amazon.com/source_identity': 'ann' });
    await expect(call(sourced, { RoleArn })).rejects.toMatchObject(refused('sts:SetSourceIdentity'));
    for (const bad of ['text', { principal_tags: [] }, { principal_tags: { a: ['1', '2'] } }])
      await expect(call(issuer.token({ 'https://aws.amazon.com/tags': bad }))).rejects.toMatchObject(
        invalid('Invalid claim: https://aws.amazon.com/tags'),
      );
  });

  it('lasts as long as the role says', async () => {
    await expect(call(issuer.token(), { DurationSeconds: 7201 })).rejects.toMatchObject({ name: 'ValidationError' });
  });
});

it('says so when the issuer cannot be reached, which SDKs try again, or makes no sense', async () => {
  const provider = { type: 'CreateOidcProvider', accountId: ACCOUNT, clientIds: [AUDIENCE], thumbprints: [] } as const;
  const silent = 'https://down.example.com';
  await host.run({ ...provider, url: silent });
  await expect(call(issuer.token({ iss: silent }))).rejects.toMatchObject({
    name: 'IDPCommunicationErrorException',
    $metadata: { httpStatusCode: 400 },
  });
  const senseless = 'https://other.example.com';
  await host.run({ ...provider, url: senseless });
  await expect(call(issuer.token({ iss: senseless }))).rejects.toMatchObject(
    invalid(
      "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
    ),
  );
});
