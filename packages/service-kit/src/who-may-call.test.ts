import { loadService, type ServiceSchema, type WireResponse } from '@stormglass/aws-wire';
import { seededRandom, silentLogger, systemClock } from '@stormglass/base';
import {
  type IamCommand,
  IamState,
  openAuthorizationMessage,
  rootPrincipal,
  type SessionClaims,
  sealSession,
} from '@stormglass/identity';
import { signAction } from '@stormglass/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { type AnyOperation, unsignedOperation } from './operation.ts';
import type { Pipeline } from './pipeline.ts';
import { bodyOf } from './request-stream.ts';
import { bindService } from './service.ts';
import { standalonePipeline } from './standalone.ts';

const ACCOUNT = '123456789012';
const random = seededRandom(7);

const schema = (id: string, protocol: 'ec2Query' | 'query'): ServiceSchema => ({
  ...{ format: 1, id, signingName: id, protocols: [protocol], apiVersion: '2016-11-15' },
  ...{ namespace: 'com.example', xmlNamespace: 'http://example/', targetPrefix: '' },
  operations: { Look: { input: 'Nothing', output: 'Nothing' }, Ask: { input: 'Nothing', output: 'Nothing' } },
  ...{ notImplemented: [], errors: {}, structures: { Nothing: { members: {} } }, constraints: {} },
});

let state: IamState;
let pipeline: Pipeline;
const asked: object[] = [];

beforeEach(() => {
  state = new IamState();
  let seq = 0;
  const run = (command: IamCommand) => expect(state.apply({ seq: ++seq, now: Date.now() }, command).ok).toBe(true);
  run({ type: 'AddTokenKey', keyId: '0000000a', key: Buffer.alloc(32, 7).toString('base64'), after: null });
  run({ type: 'CreateUser', accountId: ACCOUNT, userName: 'bob', userId: 'AIDABOB', path: '/' });
  const key = { accessKeyId: 'AKIABOB', secretAccessKey: 'secret' };
  run({ type: 'CreateAccessKey', accountId: ACCOUNT, userName: 'bob', ...key });
  const look: AnyOperation<undefined> = {
    ...{ name: 'Look', state: 'local-read', permission: { resource: () => '*' } },
    handle: () => ({}),
  };
  const ask = unsignedOperation<{ AskCommand: never; Ask$: never }, never, undefined>({
    name: 'Ask' as never,
    handle(_input: never, call: object) {
      asked.push(call);
      return {} as never;
    },
  });
  const service = (id: string, protocol: 'ec2Query' | 'query') =>
    bindService(loadService(schema(id, protocol)), [look, ask], undefined, {
      isGlobal: false,
      upToDate: async () => {},
    });
  const services = [service('ec2', 'ec2Query'), service('iam', 'query'), service('sts', 'query')];
  const iam = { view: state.view, catchUp: async () => {} };
  pipeline = standalonePipeline({ services, iam, clock: systemClock, random, logger: silentLogger });
});

const BOB = { accessKeyId: 'AKIABOB', secretAccessKey: 'secret' };

async function look(service: string, credentials: typeof BOB & { sessionToken?: string }): Promise<WireResponse> {
  const signer = { ...credentials, region: 'us-east-1', service };
  const parameters = { Action: 'Look', Version: '2016-11-15' };
  const { body, ...head } = signAction(signer, parameters, { nowMs: Date.now() });
  return pipeline.handle(head, bodyOf(body), { remoteAddress: '127.0.0.1', isSecure: false });
}

describe('a caller who may not', () => {
  it('is given the reason by EC2 in a form that only sts:DecodeAuthorizationMessage opens', async () => {
    const { status, body } = await look('ec2', BOB);
    expect(status).toBe(403);
    const [, encoded] = /You are not authorized .* Encoded authorization failure message: ([\w-]+)</.exec(
      String(body),
    )!;
    expect(String(body)).toContain('<Code>UnauthorizedOperation</Code>');
    const message = openAuthorizationMessage(state.view.tokenKeys(), encoded!, ACCOUNT, Date.now());
    expect(JSON.parse(message!)).toMatchObject({
      explicitDeny: false,
      context: { action: 'ec2:Look', principal: { id: 'AIDABOB', name: 'bob' } },
    });
  });

  it('is told by the others', async () => {
    expect(String((await look('sts', BOB)).body)).toContain('<Code>AccessDenied</Code>');
  });
});

describe('temporary credentials', () => {
  const issuedAt = Math.floor(Date.now() / 1000);
  const frame = { accountId: ACCOUNT, issuedAt, expiresAt: issuedAt + 900, origin: 'us-east-1' };
  const sessions: Record<string, SessionClaims> = {
    'of a user': { subject: 'user', userName: 'bob', userId: 'AIDABOB', ...frame },
    'of a guest': { subject: 'federated', name: 'guest', ...frame },
    'of root': { subject: 'root', ...frame },
  };
  it.each(Object.entries(sessions))('%s are unknown to IAM, and to nobody else', async (_, claims) => {
    const credentials = sealSession(state.view.tokenKeys(), claims, random);
    const refused = await look('iam', credentials);
    expect([refused.status, String(refused.body)]).toEqual([403, expect.stringContaining('InvalidClientTokenId')]);
    expect(String((await look('sts', credentials)).body)).not.toContain('InvalidClientTokenId');
  });

  it('are no match for development credentials, which are long-term', async () => {
    const root = { accessKeyId: rootPrincipal('aws', ACCOUNT).accountId, secretAccessKey: 'test' };
    expect((await look('iam', root)).status).toBe(200);
  });
});

describe('a call that needs no signature', () => {
  const send = (headers: Record<string, string>, text: string) =>
    pipeline.handle(
      { method: 'POST', path: '/', query: '', headers: { host: 'localhost', ...headers } },
      bodyOf(Buffer.from(text)),
      { remoteAddress: '192.0.2.7', isSecure: false },
    );
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  it('finds its operation by its action, or by the name of the service, and has no caller', async () => {
    asked.length = 0;
    expect((await send(form, 'Action=Ask&Version=2016-11-15')).status).toBe(200);
    expect((await send({ ...form, host: 'sts.us-east-1.amazonaws.com' }, 'Version=2016-11-15&Action=Ask')).status).toBe(
      200,
    );
    expect(asked).toHaveLength(2);
    for (const call of asked) {
      expect(call).not.toHaveProperty('principal');
      expect(call).toMatchObject({ region: 'us-east-1', requestId: expect.any(String) });
    }
  });

  it('leads to no other operation', async () => {
    for (const host of ['localhost', 'sts.us-east-1.amazonaws.com']) {
      const { status, body } = await send({ ...form, host }, 'Action=Look&Version=2016-11-15');
      expect([status, String(body)]).toEqual([403, expect.stringContaining('MissingAuthenticationToken')]);
    }
  });
});
