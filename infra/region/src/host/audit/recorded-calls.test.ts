/**
 * Calls to a zone, and the events that they leave: compared with the examples of AWS ("Logging IAM and AWS STS API calls
 * with AWS CloudTrail", "CloudTrail userIdentity element").
 */

import { seededRandom, silentLogger, systemClock } from '@stormglass/base';
import { recordsOf } from '@stormglass/cloudtrail';
import { MemoryLog } from '@stormglass/replicated-state';
import { bodyOf, type Origin, silentTelemetry } from '@stormglass/service-kit';
import { type Signer, signAction, until } from '@stormglass/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadServiceCode } from '../service-code.ts';
import { type LogName, logsOf } from '../services.ts';
import { type LogParts, startZone, type ZoneParts } from '../zone.ts';
import type { SpoolStore } from './spool-store.ts';

const ACCOUNT = '123456789012';
const OTHER = '210987654321';
const ROOT: Signer = { accessKeyId: ACCOUNT, secretAccessKey: 'test', region: 'us-east-1', service: 'iam' };
const SECURE: Origin = {
  remoteAddress: '192.0.2.7',
  isSecure: true,
  tls: { version: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256' },
};
const SERVICES = ['cloudtrail', 'iam', 'sts'] as const;
type Event = Record<string, unknown> & { readonly eventID: string; readonly requestID: string };

let zone: ZoneParts;

const noStore: SpoolStore = { segments: () => [], read: () => '', append: () => {}, remove: () => {} };

beforeAll(async () => {
  const unavailable = () => Promise.reject(new Error('not in this test'));
  const parts = (): LogParts => ({
    log: new MemoryLog(systemClock).open(),
    snapshots: { load: async () => undefined, save: async () => {} },
    peers: async () => undefined,
  });
  zone = await startZone({
    ...{ partition: 'aws', region: 'us-east-1', homeRegion: 'us-east-1', zone: 'use1-az1', nameServers: [] },
    issuer: {
      certificates: unavailable,
      issue: unavailable,
      find: unavailable,
      revoke: unavailable,
      revocationLists: unavailable,
    },
    code: await loadServiceCode(SERVICES),
    logs: Object.fromEntries(logsOf(SERVICES).map((log): [LogName, LogParts] => [log, parts()])),
    acme: { resolve: async () => [], httpPort: 80 },
    auditStore: () => noStore,
    ...{ quorumGraceMs: 250, deadlineMs: 3000, clock: systemClock, random: seededRandom(5) },
    ...{ logger: silentLogger, telemetry: silentTelemetry },
  });
  await until('a key for sessions', () => zone.iam.view.tokenKeys().length > 0);
});
afterAll(() => zone.close());

const VERSIONS: Readonly<Record<string, string>> = { iam: '2010-05-08', sts: '2011-06-15' };

async function call(signer: Signer, Action: string, parameters: Record<string, string> = {}, signed = true) {
  const headers = { 'user-agent': 'aws-cli/2.0' };
  const Version = VERSIONS[signer.service]!;
  const request = signAction(signer, { Action, Version, ...parameters }, { nowMs: systemClock.now(), headers });
  if (!signed) delete request.headers.authorization;
  const { status, body, headers: answered } = await zone.pipeline.handle(request, bodyOf(request.body), SECURE);
  return { status, text: String(body), requestId: answered['x-amzn-requestid']! };
}

const eventsOf = (account: string): Event[] =>
  [...recordsOf(zone.cloudtrail!.view, account)].map(record => JSON.parse(record) as Event);

/** Calls, and waits for its event. */
async function event(signer: Signer, action: string, parameters: Record<string, string> = {}, account = ACCOUNT) {
  const answer = await call(signer, action, parameters);
  const found = await until(`the event of ${action}`, () =>
    eventsOf(account).find(({ requestID }) => requestID === answer.requestId),
  );
  return { ...answer, event: found };
}

const tagged = (text: string, name: string): string => new RegExp(`<${name}>([^<]*)<`).exec(text)?.[1] ?? '';
const sts = (signer: Signer): Signer => ({ ...signer, service: 'sts' });
const signerIn = (text: string): Signer => ({
  ...{ accessKeyId: tagged(text, 'AccessKeyId'), secretAccessKey: tagged(text, 'SecretAccessKey') },
  ...{ sessionToken: tagged(text, 'SessionToken'), region: 'us-east-1', service: 'iam' },
});
const allow = (Action: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
const trust = (AWS: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' }],
  });
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const DATE = /^[A-Z][a-z]{2} \d{1,2}, \d{4}, \d{1,2}:\d\d:\d\d [AP]M$/;

it('a change by root', async () => {
  const { event: found, requestId } = await event(ROOT, 'CreateUser', { UserName: 'alice', Path: '/team/' });
  expect(found).toEqual({
    eventVersion: '1.11',
    userIdentity: {
      type: 'Root',
      principalId: ACCOUNT,
      arn: `arn:aws:iam::${ACCOUNT}:root`,
      accountId: ACCOUNT,
      accessKeyId: ACCOUNT,
    },
    eventTime: expect.stringMatching(TIME),
    eventSource: 'iam.amazonaws.com',
    eventName: 'CreateUser',
    awsRegion: 'us-east-1',
    sourceIPAddress: '192.0.2.7',
    userAgent: 'aws-cli/2.0',
    requestParameters: { userName: 'alice', path: '/team/' },
    responseElements: {
      user: {
        ...{ path: '/team/', userName: 'alice', userId: expect.stringMatching(/^AIDA/) },
        ...{ arn: `arn:aws:iam::${ACCOUNT}:user/team/alice`, createDate: expect.stringMatching(DATE) },
      },
    },
    requestID: requestId,
    eventID: expect.stringMatching(UUID),
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Management',
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      clientProvidedHostHeader: 'iam.us-east-1.amazonaws.com',
    },
  });
});

it('a question, whose answer is not repeated', async () => {
  const { event: found } = await event(ROOT, 'ListUsers');
  expect(found).toMatchObject({ readOnly: true, requestParameters: null, responseElements: null });
});

it('a failure, with the name that AWS gives it there', async () => {
  const { event: found } = await event(ROOT, 'GetUser', { UserName: 'nobody' });
  expect(found).toMatchObject({
    errorCode: 'NoSuchEntityException',
    errorMessage: 'The user with name nobody cannot be found.',
    requestParameters: { userName: 'nobody' },
    responseElements: null,
  });
});

describe('identities', () => {
  let bob: Signer;
  beforeAll(async () => {
    const made = await call(ROOT, 'CreateUser', { UserName: 'bob' });
    expect(made.status).toBe(200);
    const key = await event(ROOT, 'CreateAccessKey', { UserName: 'bob' });
    const secret = tagged(key.text, 'SecretAccessKey');
    expect(secret).toHaveLength(40);
    expect(JSON.stringify(key.event)).not.toContain(secret);
    bob = { ...ROOT, accessKeyId: tagged(key.text, 'AccessKeyId'), secretAccessKey: secret };
    await call(ROOT, 'PutUserPolicy', { UserName: 'bob', PolicyName: 'p', PolicyDocument: allow('sts:*') });
    for (const RoleName of ['reader', 'visited']) {
      await call(ROOT, 'CreateRole', { RoleName, AssumeRolePolicyDocument: trust(`arn:aws:iam::${ACCOUNT}:user/bob`) });
    }
    await call(ROOT, 'PutRolePolicy', { RoleName: 'reader', PolicyName: 'p', PolicyDocument: allow('iam:*') });
    const foreign = { ...ROOT, accessKeyId: OTHER };
    await call(foreign, 'CreateRole', { RoleName: 'away', AssumeRolePolicyDocument: trust(ACCOUNT) });
  });

  it('of a user that may not: what it asked for is not shown', async () => {
    const { event: found, status } = await event(bob, 'CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: '{}' });
    expect(status).toBe(403);
    expect(found).toMatchObject({
      userIdentity: {
        ...{ type: 'IAMUser', principalId: expect.stringMatching(/^AIDA/), userName: 'bob' },
        ...{ arn: `arn:aws:iam::${ACCOUNT}:user/bob`, accountId: ACCOUNT, accessKeyId: bob.accessKeyId },
      },
      errorCode: 'AccessDenied',
      errorMessage: expect.stringContaining('is not authorized to perform: iam:CreateRole'),
      requestParameters: null,
    });
  });

  it('of a role, and the call that gave it out', async () => {
    const RoleArn = `arn:aws:iam::${ACCOUNT}:role/reader`;
    const { text, event: assumed } = await event(sts(bob), 'AssumeRole', { RoleArn, RoleSessionName: 's1' });
    expect(assumed).toMatchObject({
      eventSource: 'sts.amazonaws.com',
      requestParameters: { roleArn: RoleArn, roleSessionName: 's1' },
      responseElements: {
        credentials: {
          accessKeyId: tagged(text, 'AccessKeyId'),
          sessionToken: tagged(text, 'SessionToken'),
          expiration: expect.stringMatching(DATE),
        },
        assumedRoleUser: { arn: `arn:aws:sts::${ACCOUNT}:assumed-role/reader/s1` },
      },
      additionalEventData: { RequestDetails: { awsServingRegion: 'us-east-1', endpointType: 'regional' } },
      readOnly: true,
      resources: [{ accountId: ACCOUNT, type: 'AWS::IAM::Role', ARN: RoleArn }],
    });
    expect(JSON.stringify(assumed)).not.toContain(tagged(text, 'SecretAccessKey'));
    const { event: used } = await event(signerIn(text), 'ListRoles');
    const roleId = tagged(text, 'AssumedRoleId').split(':')[0];
    expect(used.userIdentity).toEqual({
      ...{ type: 'AssumedRole', principalId: `${roleId}:s1`, accountId: ACCOUNT },
      ...{ arn: `arn:aws:sts::${ACCOUNT}:assumed-role/reader/s1`, accessKeyId: tagged(text, 'AccessKeyId') },
      sessionContext: {
        sessionIssuer: {
          ...{ type: 'Role', principalId: roleId, arn: RoleArn, accountId: ACCOUNT, userName: 'reader' },
        },
        webIdFederationData: {},
        attributes: { creationDate: expect.stringMatching(TIME), mfaAuthenticated: 'false' },
      },
    });
  });

  it('of a role of another account: its owner is told, too, under an id of his own', async () => {
    const RoleArn = `arn:aws:iam::${OTHER}:role/away`;
    const { event: own, requestId } = await event(sts(bob), 'AssumeRole', { RoleArn, RoleSessionName: 's1' });
    const copy = eventsOf(OTHER).find(({ requestID }) => requestID === requestId);
    expect(own).toMatchObject({ recipientAccountId: ACCOUNT, userIdentity: { type: 'IAMUser' } });
    expect(copy).toMatchObject({
      recipientAccountId: OTHER,
      sharedEventID: own.sharedEventID,
      userIdentity: { type: 'AWSAccount', accountId: ACCOUNT, principalId: expect.stringMatching(/^AIDA/) },
    });
    expect(copy?.eventID).not.toBe(own.eventID);
  });

  it('of a guest of a user', async () => {
    const { text } = await event(sts(bob), 'GetFederationToken', { Name: 'guest', Policy: allow('iam:ListUsers') });
    const { event: used } = await event(sts(signerIn(text)), 'GetCallerIdentity');
    expect(used.userIdentity).toMatchObject({
      ...{ type: 'FederatedUser', arn: `arn:aws:sts::${ACCOUNT}:federated-user/guest`, accountId: ACCOUNT },
      sessionContext: { sessionIssuer: { type: 'IAMUser', userName: 'bob' } },
    });
  });

  it('of somebody with a web identity token, believed or not', async () => {
    const claims = { iss: 'https://issuer.example', aud: 'app', sub: 'carol' };
    const token = ['e30', Buffer.from(JSON.stringify(claims)).toString('base64url'), 'c2ln'].join('.');
    const RoleArn = `arn:aws:iam::${ACCOUNT}:role/reader`;
    const asked = { RoleArn, RoleSessionName: 'web', WebIdentityToken: token };
    const { requestId, status } = await call(sts(ROOT), 'AssumeRoleWithWebIdentity', asked, false);
    expect(status).toBeGreaterThanOrEqual(400);
    const found = await until('its event', () => eventsOf(ACCOUNT).find(({ requestID }) => requestID === requestId));
    const provider = `arn:aws:iam::${ACCOUNT}:oidc-provider/issuer.example`;
    expect(found).toMatchObject({
      userIdentity: {
        ...{ type: 'WebIdentityUser', principalId: `${provider}:app:carol`, userName: 'carol' },
        identityProvider: provider,
      },
      requestParameters: { roleArn: RoleArn, roleSessionName: 'web' },
    });
    expect(JSON.stringify(found)).not.toContain(token);
  });
});

it('nobody who cannot prove who he is', async () => {
  const before = eventsOf(ACCOUNT).length;
  const wrong = await call({ ...ROOT, secretAccessKey: 'wrong' }, 'CreateUser', { UserName: 'mallory' });
  const unknown = await call({ ...ROOT, accessKeyId: 'AKIAAAAAAAAAAAAAAAAA' }, 'ListUsers');
  const unsigned = await call(ROOT, 'ListUsers', {}, false);
  expect([wrong, unknown, unsigned].map(({ status }) => status)).toEqual([403, 403, 403]);
  // Events come in order: when that of a later call is there, theirs would be as well.
  await event(ROOT, 'GetAccountSummary');
  expect(eventsOf(ACCOUNT).length).toBe(before + 1);
});

it('the global endpoint of STS, served anywhere: the trail of the home region, and where it was served', async () => {
  const request = signAction(
    sts(ROOT),
    { Action: 'GetCallerIdentity', Version: '2011-06-15' },
    { nowMs: systemClock.now(), host: 'sts.amazonaws.com' },
  );
  const { headers } = await zone.pipeline.handle(request, bodyOf(request.body), SECURE);
  const found = await until('its event', () =>
    eventsOf(ACCOUNT).find(({ requestID }) => requestID === headers['x-amzn-requestid']),
  );
  expect(found).toMatchObject({
    awsRegion: 'us-east-1',
    additionalEventData: { RequestDetails: { awsServingRegion: 'us-east-1', endpointType: 'global' } },
    tlsDetails: { clientProvidedHostHeader: 'sts.amazonaws.com' },
  });
});
