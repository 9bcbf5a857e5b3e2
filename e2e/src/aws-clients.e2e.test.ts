/**
 * The region judged by clients that know nothing of it: the AWS CLI, boto3, curl and the JavaScript SDK, unchanged, with
 * the environment of `stormglass env`. What an SDK cannot send (tampered requests) is signed by hand.
 */
import { fileURLToPath } from 'node:url';
import { IAMClient, ListUsersCommand, paginateListUsers, waitUntilUserExists } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { errorCode, exchange, type SignedRequest, signAction } from '@stormglass/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf, aws, refusalOf } from './clients/aws-command.ts';
import {
  type Environment,
  environmentOf,
  runClient,
  type TemporaryCredentials,
  withCredentials,
} from './clients/client-process.ts';
import { expiredSession } from './clients/expired-session.ts';
import { bytesOf } from './fuzz/mutations.ts';
import { signer } from './fuzz/signed-requests.ts';
import { defects } from './region-logs.ts';
import { RegionUnderTest } from './region-under-test.ts';

const ROOT = 'arn:aws:iam::000000000000:root';
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: ROOT }, Action: 'sts:AssumeRole' }],
});
const ROLE_ARN = 'arn:aws:iam::000000000000:role/explorer';
const may = (action: string, resource = '*') =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] });

let region: RegionUnderTest;
let env: Environment;
let session: TemporaryCredentials;

beforeAll(async () => {
  region = await RegionUnderTest.start();
  env = await environmentOf(region);
  await ok('iam', 'create-role', '--role-name', 'explorer', '--assume-role-policy-document', TRUST);
  await ok('iam', 'wait', 'role-exists', '--role-name', 'explorer');
  const policy = ['--policy-name', 'look', '--policy-document', may('iam:GetRole', ROLE_ARN)];
  await ok('iam', 'put-role-policy', '--role-name', 'explorer', ...policy);
  const assume = ['assume-role', '--role-arn', ROLE_ARN, '--role-session-name', 'first'];
  session = ((await ok('sts', ...assume)) as { Credentials: TemporaryCredentials }).Credentials;
});
afterAll(() => region?.close());

const ok = (...args: string[]) => answerOf(env, ...args);

describe('the environment', () => {
  it('points at the region and leaves no other credentials behind', () => {
    expect(env).toMatchObject({ AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test' });
    expect(env.AWS_ENDPOINT_URL).toMatch(/^http:\/\/localhost:\d+$/);
    expect([env.AWS_SESSION_TOKEN, env.AWS_PROFILE]).toEqual([undefined, undefined]);
  });
});

describe('the AWS CLI', () => {
  it('says who is calling, in the form AWS prints', async () => {
    const { stdout } = await aws(env, 'sts', 'get-caller-identity');
    const lines = ['{', '    "UserId": "000000000000",', '    "Account": "000000000000",', `    "Arn": "${ROOT}"`, '}'];
    expect(stdout).toBe(`${lines.join('\n')}\n`);
    expect((await aws(env, 'sts', 'get-caller-identity', '--output', 'text', '--query', 'Arn')).stdout.trim()).toBe(
      ROOT,
    );
  });

  it('shows a role as AWS does', async () => {
    expect(await ok('iam', 'get-role', '--role-name', 'explorer')).toEqual({
      Role: {
        Path: '/',
        RoleName: 'explorer',
        RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
        Arn: ROLE_ARN,
        CreateDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        AssumeRolePolicyDocument: JSON.parse(TRUST),
        MaxSessionDuration: 3600,
        RoleLastUsed: expect.anything(),
      },
    });
  });

  it('assumes a role, which may do what its policy allows and nothing else', async () => {
    const as = withCredentials(env, session);
    const who = JSON.parse((await aws(as, 'sts', 'get-caller-identity')).stdout);
    expect(who.Arn).toBe('arn:aws:sts::000000000000:assumed-role/explorer/first');
    expect((await aws(as, 'iam', 'get-role', '--role-name', 'explorer')).code).toBe(0);
    expect(await refusalOf(as, 'iam', 'list-roles')).toBe(
      'An error occurred (AccessDenied) when calling the ListRoles operation: User: ' +
        'arn:aws:sts::000000000000:assumed-role/explorer/first is not authorized to perform: iam:ListRoles on resource: ' +
        'arn:aws:iam::000000000000:role/ because no identity-based policy allows the iam:ListRoles action',
    );
  });

  it('users, keys and policies come, are counted in pages, and go', async () => {
    for (const name of ['cli-a', 'cli-b', 'cli-c']) await ok('iam', 'create-user', '--user-name', name);
    const list = (await ok('iam', 'list-users', '--page-size', '1', '--query', 'Users[].UserName')) as string[];
    expect(list).toEqual(['cli-a', 'cli-b', 'cli-c']);
    const first = (await ok('iam', 'list-users', '--max-items', '2')) as { Users: unknown[]; NextToken: string };
    expect(first.Users).toHaveLength(2);
    const rest = await ok('iam', 'list-users', '--starting-token', first.NextToken, '--query', 'Users[].UserName');
    expect(rest).toEqual(['cli-c']);
    const { AccessKey: key } = (await ok('iam', 'create-access-key', '--user-name', 'cli-a')) as {
      AccessKey: { AccessKeyId: string; SecretAccessKey: string };
    };
    const { AWS_SESSION_TOKEN: _, ...as } = withCredentials(env, { ...key, SessionToken: '' });
    expect(await refusalOf(as, 'iam', 'list-users')).toMatch(/^An error occurred \(AccessDenied\)/);
    const policy = ['--policy-name', 'p', '--policy-document', may('iam:ListUsers')];
    await ok('iam', 'put-user-policy', '--user-name', 'cli-a', ...policy);
    expect((await aws(as, 'iam', 'list-users')).code).toBe(0);
    expect(await refusalOf(env, 'iam', 'delete-user', '--user-name', 'cli-a')).toContain('(DeleteConflict)');
    await ok('iam', 'delete-access-key', '--user-name', 'cli-a', '--access-key-id', key.AccessKeyId);
    await ok('iam', 'delete-user-policy', '--user-name', 'cli-a', '--policy-name', 'p');
    for (const name of ['cli-a', 'cli-b', 'cli-c']) await ok('iam', 'delete-user', '--user-name', name);
  });

  const expired = () => withCredentials(env, expiredSession(region.folder, session.SessionToken));
  const forged = () =>
    withCredentials(env, { ...session, SessionToken: `${session.SessionToken.slice(0, -8)}AAAAAAA=` });
  const identity = ['sts', 'get-caller-identity'];
  const errors: Record<string, [as: () => Environment, args: string[], error: string]> = {
    'a wrong secret': [() => ({ ...env, AWS_SECRET_ACCESS_KEY: 'wrong' }), identity, 'SignatureDoesNotMatch'],
    'an unknown key': [() => ({ ...env, AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE' }), identity, 'InvalidClientTokenId'],
    'an expired session': [expired, identity, 'ExpiredToken'],
    'a forged session': [forged, identity, 'InvalidClientTokenId'],
    'no signature': [() => env, [...identity, '--no-sign-request'], 'MissingAuthenticationToken'],
    'something absent': [() => env, ['iam', 'get-role', '--role-name', 'absent'], 'NoSuchEntity'],
    'an operation not implemented': [
      () => env,
      ['sts', 'get-web-identity-token', '--audience', 'a', '--signing-algorithm', 'RS256'],
      'NotImplemented',
    ],
    'a service in JSON that is not offered': [() => env, ['logs', 'describe-log-groups'], 'NotImplemented'],
    'a service in REST and XML that is not offered': [
      () => env,
      ['cloudfront', 'list-distributions'],
      'NotImplemented',
    ],
    'a service in REST and JSON that is not offered': [() => env, ['lambda', 'list-functions'], 'NotImplemented'],
    'a service in EC2 query that is not offered': [() => env, ['ec2', 'describe-vpcs'], 'NotImplemented'],
  };
  it.each(Object.entries(errors))('%s', async (_, [as, args, error]) => {
    expect(await refusalOf(as(), ...args)).toContain(`An error occurred (${error}) when calling`);
  });

  it('sqs, whose endpoint version 1 of the CLI takes from a table of its own', async () => {
    const args = ['--endpoint-url', env.AWS_ENDPOINT_URL!, 'sqs', 'list-queues'];
    const message = 'This region does not offer the service sqs.';
    expect(await refusalOf(env, ...args)).toBe(
      `An error occurred (NotImplemented) when calling the ListQueues operation: ${message}`,
    );
  });
});

describe('boto3', () => {
  it('a round trip through users, keys, policies, roles and sessions, and the errors on the way', async () => {
    const script = fileURLToPath(new URL('clients/boto3_round_trip.py', import.meta.url));
    const { code, stdout, stderr } = await runClient('python3', [script], env);
    expect([code, stderr]).toEqual([0, '']);
    const denied = ['AccessDenied', 403];
    const invalid = ['InvalidClientTokenId', 403];
    const notHere = ['NotImplemented', 501];
    expect(JSON.parse(stdout)).toMatchObject({
      identity: ROOT,
      pages: [10, 10, 5],
      'users in order': true,
      'created is a date': true,
      'user without policy': denied,
      'user with policy': 25,
      attached: ['boto-list'],
      'policy document': [{ Effect: 'Allow', Action: 'iam:GetUser', Resource: '*' }],
      'own user': 'boto-00',
      'inactive key': invalid,
      'delete a user with policies': ['DeleteConflict', 409],
      assumed: 'arn:aws:sts::000000000000:assumed-role/boto-role/boto',
      allowed: 'boto-role',
      denied,
      'token of another key': invalid,
      'no token': invalid,
      'forged token': invalid,
      'wrong secret': ['SignatureDoesNotMatch', 403],
      'unknown key': invalid,
      'slow clock': ['SignatureDoesNotMatch', 403],
      'slow clock message': expect.stringMatching(
        /^Signature expired: \w+ is now earlier than \w+ \(\w+ - 15 min\.\)$/,
      ),
      'fast clock': ['SignatureDoesNotMatch', 403],
      'fast clock message': expect.stringMatching(/^Signature not yet current: /),
      absent: ['NoSuchEntity', 404],
      'not implemented': notHere,
      'service not offered': notHere,
      'service not offered message': 'This region does not offer the service sqs.',
      'service not offered, ec2': notHere,
      'service not offered, lambda': notHere,
      'service not offered, cloudfront': notHere,
      'service not offered, cloudwatch': notHere,
      'invalid name': ['ValidationError', 400],
      'broken policy': ['MalformedPolicyDocument', 400],
      class: 'EntityAlreadyExistsException',
      left: 0,
    });
  });
});

describe('curl', () => {
  const curl = async (...args: string[]) => {
    const { stdout, code } = await runClient('curl', ['-s', '-w', '\n%{http_code}', ...args], env);
    expect(code).toBe(0);
    const mark = stdout.lastIndexOf('\n');
    return { status: stdout.slice(mark + 1), body: stdout.slice(0, mark) };
  };
  const sts = () => `http://sts.us-east-1.stormglass.localhost:${new URL(env.AWS_ENDPOINT_URL!).port}/`;
  const signed = (user: string) => ['--aws-sigv4', 'aws:amz:us-east-1:sts', '--user', user];
  const query = '?Action=GetCallerIdentity&Version=2011-06-15';

  it('signs and is answered, by GET and by POST', async () => {
    const got = await curl(...signed('test:test'), `${sts()}${query}`);
    expect(got.status).toBe('200');
    expect(got.body).toContain(`<Arn>${ROOT}</Arn>`);
    const posted = await curl(...signed('test:test'), '-d', query.slice(1), sts());
    expect(posted.body).toContain(`<Arn>${ROOT}</Arn>`);
  });

  it('is told what is wrong', async () => {
    expect(await curl(...signed('test:wrong'), `${sts()}${query}`)).toMatchObject({
      status: '403',
      body: expect.stringContaining('<Code>SignatureDoesNotMatch</Code>'),
    });
    expect(await curl(`${sts()}${query}`)).toMatchObject({
      status: '403',
      body: expect.stringContaining('<Code>MissingAuthenticationToken</Code>'),
    });
    expect(await curl(...signed('test:test'), `${sts()}?Action=BrewCoffee&Version=2011-06-15`)).toMatchObject({
      status: '400',
      body: expect.stringContaining('<Message>Could not find operation BrewCoffee for version 2011-06-15</Message>'),
    });
  });
});

describe('the JavaScript SDK', () => {
  const settings = () => ({
    endpoint: env.AWS_ENDPOINT_URL!,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

  it('calls, waits, pages', async () => {
    const iam = new IAMClient(settings());
    await ok('iam', 'create-user', '--user-name', 'js');
    const waited = await waitUntilUserExists({ client: iam, maxWaitTime: 10 }, { UserName: 'js' });
    expect(waited.state).toBe('SUCCESS');
    const names: (string | undefined)[] = [];
    for await (const page of paginateListUsers({ client: iam, pageSize: 1 }, {})) {
      names.push(...(page.Users ?? []).map(user => user.UserName));
    }
    expect(names).toEqual(['js']);
    await ok('iam', 'delete-user', '--user-name', 'js');
    iam.destroy();
  });

  it('learns from the refusal that its clock is an hour behind', async () => {
    const sts = new STSClient({ ...settings(), systemClockOffset: -3_600_000 });
    const call = sts.send(new GetCallerIdentityCommand({}));
    await expect(call).rejects.toMatchObject({ name: 'SignatureDoesNotMatch', $metadata: { httpStatusCode: 403 } });
    expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(ROOT);
    sts.destroy();
  });

  it('sees errors with code, status and request id', async () => {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'wrong' };
    const iam = new IAMClient({ ...settings(), credentials });
    await expect(iam.send(new ListUsersCommand({}))).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
      $fault: 'client',
      $metadata: { httpStatusCode: 403, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
    iam.destroy();
  });
});

describe('signed by hand', () => {
  const request = (nowMs = Date.now(), headers = {}) =>
    signAction(signer('sts'), { Action: 'GetCallerIdentity', Version: '2011-06-15' }, { nowMs, headers });
  const answer = async (sent: SignedRequest) => {
    const { responses } = await exchange(Number(new URL(env.AWS_ENDPOINT_URL!).port), bytesOf(sent));
    const [response] = responses;
    return [response?.status, response === undefined ? undefined : errorCode(response)];
  };
  const withHeader = (name: string, value: string): SignedRequest => {
    const signed = request(Date.now(), { 'x-amz-note': 'as signed' });
    return { ...signed, headers: { ...signed.headers, [name]: value } };
  };
  const authorization = () => request().headers.authorization!;
  const body = (text: string): SignedRequest => {
    const signed = request();
    return {
      ...signed,
      body: Buffer.from(text),
      headers: { ...signed.headers, 'content-length': String(text.length) },
    };
  };

  const cases: Record<string, [sent: () => SignedRequest, status: number, code: string]> = {
    'a tampered body': [() => body('Action=GetSessionToken&Version=2011-06-15'), 403, 'SignatureDoesNotMatch'],
    'a tampered header': [() => withHeader('x-amz-note', 'as changed'), 403, 'SignatureDoesNotMatch'],
    'another host': [() => withHeader('host', 'elsewhere'), 403, 'SignatureDoesNotMatch'],
    'a header that was not signed': [() => withHeader('x-amz-added', 'later'), 403, 'SignatureDoesNotMatch'],
    'a tampered query': [() => ({ ...request(), query: 'a=b' }), 403, 'SignatureDoesNotMatch'],
    'a request of yesterday': [() => request(Date.now() - 86_400_000), 403, 'SignatureDoesNotMatch'],
    'a request of tomorrow': [() => request(Date.now() + 86_400_000), 403, 'SignatureDoesNotMatch'],
    'a signature for another region': [
      () => withHeader('authorization', authorization().replace('us-east-1', 'eu-west-1')),
      403,
      'SignatureDoesNotMatch',
    ],
    'a signature without a signature': [
      () => withHeader('authorization', authorization().replace(/, Signature=.*/, '')),
      400,
      'IncompleteSignature',
    ],
    'an authorization of another kind': [() => withHeader('authorization', 'Bearer abc'), 400, 'IncompleteSignature'],
  };
  it.each(Object.entries(cases))('%s', async (_, [sent, status, code]) => {
    expect(await answer(sent())).toEqual([status, code]);
  });
});

it('nothing of this surprised the region', () => {
  expect(defects(region.folder)).toEqual([]);
});
