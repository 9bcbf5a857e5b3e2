/**
 * Identities from outside: an OpenID Connect issuer on this machine, which knows nothing of the region, and roles that
 * trust it, asked for by the AWS CLI, boto3 and the JavaScript SDK. Of two issuers one is believed because the region's
 * processes trust its authority (NODE_EXTRA_CA_CERTS), the other because the account has given a thumbprint.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromWebToken } from '@aws-sdk/credential-provider-web-identity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Environment, environmentOf, runClient, withCredentials } from './clients/client-process.ts';
import { type SecureIssuer, secureIssuer } from './clients/secure-issuer.ts';
import { defects } from './region-logs.ts';
import { RegionUnderTest } from './region-under-test.ts';

const ACCOUNT = '000000000000';
const AUDIENCE = 'sts.amazonaws.com';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/web`;
const PINNED_ROLE = `arn:aws:iam::${ACCOUNT}:role/pinned`;
const NAMES = ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'];

let trusted: SecureIssuer;
let pinned: SecureIssuer;
let region: RegionUnderTest;
let env: Environment;
let folder: string;

beforeAll(async () => {
  [trusted, pinned] = await Promise.all([secureIssuer('localhost'), secureIssuer('login.localhost', 'aws-cn')]);
  folder = await mkdtemp(join(tmpdir(), 'stormglass-issuer-'));
  const bundle = join(folder, 'bundle.pem');
  await writeFile(bundle, trusted.rootCertificate);
  process.env.NODE_EXTRA_CA_CERTS = bundle;
  region = await RegionUnderTest.start();
  delete process.env.NODE_EXTRA_CA_CERTS;
  env = await environmentOf(region);
  await Promise.all([role('web', await provider(trusted)), role('pinned', await provider(pinned, pinned.thumbprint))]);
});
afterAll(async () => {
  await region?.close();
  for (const issuer of [trusted, pinned]) issuer?.close();
  await rm(folder, { recursive: true, force: true });
});

const aws = (as: Environment, ...args: string[]) => runClient('aws', args, as);

async function ok(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await aws(env, ...args);
  expect([code, stderr], args.join(' ')).toEqual([0, '']);
  return stdout === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>);
}

/** The account believes this issuer from now on; the ARN of its provider. */
async function provider({ url }: SecureIssuer, thumbprint = '0'.repeat(40)): Promise<string> {
  const trust = ['--client-id-list', AUDIENCE, '--thumbprint-list', thumbprint];
  const made = await ok('iam', 'create-open-id-connect-provider', '--url', url, ...trust);
  return String(made.OpenIDConnectProviderArn);
}

async function role(name: string, Federated: string): Promise<void> {
  const key = Federated.slice(Federated.indexOf('oidc-provider/') + 'oidc-provider/'.length);
  const Condition = { StringEquals: { [`${key}:aud`]: AUDIENCE }, StringLike: { [`${key}:sub`]: 'repo:*' } };
  const Statement = [{ Effect: 'Allow', Principal: { Federated }, Action: NAMES, Condition }];
  const document = JSON.stringify({ Version: '2012-10-17', Statement });
  await ok('iam', 'create-role', '--role-name', name, '--assume-role-policy-document', document);
}

const assume = (RoleArn: string, token: string) => [
  ...['sts', 'assume-role-with-web-identity', '--role-arn', RoleArn, '--role-session-name', 'ci'],
  ...['--web-identity-token', token],
];
const tokenOf = (issuer: SecureIssuer, claims = {}) => issuer.token({ sub: 'repo:a/b', ...claims });

async function refused(RoleArn: string, token: string): Promise<string> {
  const { code, stderr } = await aws(env, ...assume(RoleArn, token));
  expect(code, stderr).toBe(255);
  return stderr.trim();
}
const error = (code: string, message: string) =>
  `An error occurred (${code}) when calling the AssumeRoleWithWebIdentity operation: ${message}`;

describe('the AWS CLI', () => {
  it('gets a session for a token, without any credentials of its own', async () => {
    const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...nobody } = env;
    const { stdout, stderr } = await aws(nobody, ...assume(ROLE, tokenOf(trusted)));
    expect(stderr).toBe('');
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject({
      SubjectFromWebIdentityToken: 'repo:a/b',
      Audience: AUDIENCE,
      Provider: `arn:aws:iam::${ACCOUNT}:oidc-provider/${trusted.url.slice('https://'.length)}`,
      AssumedRoleUser: { Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/web/ci` },
    });
    const who = await aws(withCredentials(env, answer.Credentials), 'sts', 'get-caller-identity');
    expect(JSON.parse(who.stdout).Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/web/ci`);
  });

  it('gets one from an issuer that only a thumbprint vouches for, until that is another', async () => {
    await ok(...assume(PINNED_ROLE, tokenOf(pinned)));
    const arn = `arn:aws:iam::${ACCOUNT}:oidc-provider/${pinned.url.slice('https://'.length)}`;
    const set = ['iam', 'update-open-id-connect-provider-thumbprint', '--open-id-connect-provider-arn', arn];
    await ok(...set, '--thumbprint-list', 'f'.repeat(40));
    expect(await refused(PINNED_ROLE, tokenOf(pinned))).toBe(
      error(
        'InvalidIdentityToken',
        "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
      ),
    );
    await ok(...set, '--thumbprint-list', pinned.thumbprint);
    await ok(...assume(PINNED_ROLE, tokenOf(pinned)));
  });

  it('reads why it gets none', async () => {
    const now = Math.floor(Date.now() / 1000);
    expect(await refused(ROLE, tokenOf(trusted, { exp: now - 10 }))).toContain('(ExpiredTokenException)');
    expect(await refused(ROLE, tokenOf(trusted, { aud: 'else' }))).toBe(
      error('InvalidIdentityToken', 'Incorrect token audience'),
    );
    expect(await refused(ROLE, trusted.token({ sub: 'user:eve' }))).toBe(
      error('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity'),
    );
    expect(await refused(ROLE, tokenOf(pinned))).toBe(
      error('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity'),
    );
    const [head, , signature] = tokenOf(trusted).split('.');
    const [, body] = tokenOf(trusted, { sub: 'repo:a/c' }).split('.');
    expect(await refused(ROLE, `${head}.${body}.${signature}`)).toContain('(InvalidIdentityToken)');
    const iss = 'https://stranger.example.com';
    expect(await refused(ROLE, tokenOf(trusted, { iss }))).toBe(
      error('InvalidIdentityToken', `No OpenIDConnect provider found in your account for ${iss}`),
    );
  });
});

describe('boto3', () => {
  it('finds its way with the environment of a service account', async () => {
    const file = join(folder, 'token');
    await writeFile(file, tokenOf(trusted));
    const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...nobody } = env;
    const as = { ...nobody, AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ROLE_SESSION_NAME: 'pod' };
    const script = fileURLToPath(new URL('clients/boto3_web_identity.py', import.meta.url));
    const { code, stdout, stderr } = await runClient('python3', [script], as);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({
      method: 'assume-role-with-web-identity',
      identity: `arn:aws:sts::${ACCOUNT}:assumed-role/web/pod`,
      'no such role': {
        Code: 'AccessDenied',
        Message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
        Type: 'Sender',
      },
      'no token': 'InvalidIdentityToken',
    });
  });
});

describe('the JavaScript SDK', () => {
  it('keeps a client in credentials with fromWebToken', async () => {
    const endpoint = await region.endpoint();
    const tags = { principal_tags: { team: ['blue'] } };
    const credentials = fromWebToken({
      ...{ roleArn: ROLE, roleSessionName: 'js', durationSeconds: 900 },
      webIdentityToken: tokenOf(trusted, { 'https://aws.amazon.com/tags': tags }),
      clientConfig: { endpoint, region: 'us-east-1' },
    });
    const client = new STSClient({ endpoint, region: 'us-east-1', credentials });
    const { Arn } = await client.send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/web/js`);
    client.destroy();
  });
});

it('asks an issuer for its keys no more often than it must, and nothing went wrong unseen', () => {
  // Three zones fetch two documents each, and once more when a key is not known at first.
  expect(trusted.requests()).toBeLessThanOrEqual(12);
  expect(defects(region.folder)).toEqual([]);
});
