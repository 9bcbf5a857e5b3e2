/** A host with one small service that speaks as S3 does, and two operations: one takes a stream, the other gives one. */
import type { AddressInfo } from 'node:net';
import { AwsError, EMPTY_BODY, loadService } from '@stormglass/aws-wire';
import { silentLogger, systemClock, systemRandom } from '@stormglass/base';
import { type IamCommand, IamState, rootPrincipal } from '@stormglass/identity';
import type { Signer } from '@stormglass/testing';
import type { FastifyInstance } from 'fastify';
import { Admission } from '../admission.ts';
import { answered } from '../answered.ts';
import { createHttpHost, type HttpHostOptions } from '../http-host.ts';
import type { AnyOperation, OpenCall } from '../operation.ts';
import { Pipeline } from '../pipeline.ts';
import type { RequestStream } from '../request-stream.ts';
import { bindService, type ServiceHooks } from '../service.ts';
import { silentTelemetry } from '../telemetry.ts';

const string = { type: 'string' } as const;
const target = {
  Bucket: { ...string, location: 'label' },
  Key: { ...string, location: 'label' },
} as const;
const body = { type: 'blob', streaming: true, location: 'payload' } as const;

const SCHEMA = {
  ...{ format: 1, id: 's3', signingName: 's3', protocols: ['restXml'], apiVersion: '2006-03-01' },
  ...{ namespace: 'com.amazonaws.s3', xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/', targetPrefix: '' },
  operations: {
    Put: { input: 'PutInput', output: 'PutOutput', http: { method: 'PUT', uri: '/{Bucket}/{Key+}', status: 200 } },
    Get: { input: 'GetInput', output: 'GetOutput', http: { method: 'GET', uri: '/{Bucket}/{Key+}', status: 200 } },
    Head: { input: 'GetInput', output: 'GetOutput', http: { method: 'HEAD', uri: '/{Bucket}/{Key+}', status: 200 } },
    Say: { input: 'SayInput', http: { method: 'POST', uri: '/{Bucket}?say', status: 200 } },
  },
  notImplemented: ['Restore'],
  notImplementedRoutes: { Restore: { method: 'GET', uri: '/{Bucket}/{Key+}?restore', status: 200 } },
  errors: {},
  structures: {
    PutInput: { members: { ...target, Body: body } },
    PutOutput: { members: { Length: { type: 'number', location: 'header', locationName: 'x-length' } } },
    GetInput: { members: target },
    GetOutput: {
      members: { Body: body, ContentLength: { type: 'number', location: 'header', locationName: 'Content-Length' } },
    },
    SayInput: { members: { Bucket: target.Bucket, Words: { type: 'structure', name: 'Words', location: 'payload' } } },
    Words: { members: { Word: string } },
  },
  constraints: {},
};

export interface BytesHost {
  readonly port: number;
  readonly admission: Admission;
  readonly root: Signer;
  /** Every call that was handled, with its key. */
  readonly handled: { readonly key: string; readonly call: OpenCall }[];
  close(): Promise<unknown>;
}

export interface BytesHostOptions {
  /** Takes what is put; by default reads it to its end. */
  readonly take?: (body: RequestStream, key: string) => Promise<number>;
  readonly give?: (key: string) => AsyncIterable<Uint8Array>;
  /** Bytes that are said to be given. */
  readonly length?: number;
  readonly hooks?: ServiceHooks;
  readonly permission?: AnyOperation<undefined>['permission'];
  readonly limits?: HttpHostOptions['limits'];
  readonly upToDate?: () => Promise<void>;
}

const ACCOUNT = '000000000001';

/** Reads a stream to its end, and counts. */
export async function drain(stream: RequestStream): Promise<number> {
  let length = 0;
  for await (const piece of stream.chunks) length += piece.length;
  return length;
}

/** Root of one account may do everything; the user without permissions has key `AKIANOBODY`. */
export async function startBytesHost(options: BytesHostOptions = {}): Promise<BytesHost> {
  const { take = drain, give, length = 0, hooks, permission = 'none', limits, upToDate = async () => {} } = options;
  const handled: BytesHost['handled'] = [];
  const note = (input: Record<string, unknown>, call: OpenCall) =>
    handled.push({ key: String(input.Key ?? input.Bucket), call });
  const get = (name: string): AnyOperation<undefined> => ({
    ...{ name, state: 'local-read', permission },
    handle(input, call) {
      note(input, call);
      return answered({ Body: give?.(String(input.Key)) ?? EMPTY_BODY, ContentLength: length }, { status: 206 });
    },
  });
  const operations: AnyOperation<undefined>[] = [
    {
      ...{ name: 'Put', state: 'write', permission, isDataEvent: true },
      async handle(input, call) {
        note(input, call);
        if (call.body?.length === undefined) throw new AwsError('MissingContentLength', 411, 'How long is it?');
        return { Length: await take(call.body, String(input.Key)) };
      },
    },
    get('Get'),
    get('Head'),
    {
      ...{ name: 'Say', state: 'write', permission },
      handle(input, call) {
        note({ Key: (input.Words as { Word?: string } | undefined)?.Word }, call);
        return {};
      },
    },
  ];
  const service = bindService(loadService(SCHEMA), operations, undefined, { isGlobal: false, upToDate, ...hooks });
  const state = new IamState({ partition: 'aws' });
  let seq = 0;
  const run = (command: IamCommand) => state.apply({ seq: ++seq, now: systemClock.now() }, command);
  run({ type: 'CreateUser', accountId: ACCOUNT, userName: 'nobody', userId: 'AIDANOBODY', path: '/' });
  const key = { accessKeyId: 'AKIANOBODY', secretAccessKey: 'secret' };
  run({ type: 'CreateAccessKey', accountId: ACCOUNT, userName: 'nobody', ...key });
  const admission = new Admission(8);
  const pipeline = new Pipeline({
    ...{ services: [service], iam: { view: state.view, catchUp: async () => {} }, admission, clock: systemClock },
    ...{ random: systemRandom, logger: silentLogger, telemetry: silentTelemetry, deadlineMs: 1000 },
    ...{ partition: 'aws', region: 'us-east-1', homeRegion: 'us-east-1', zone: 'use1-az1' },
  });
  const app: FastifyInstance = createHttpHost({
    pipeline,
    logger: silentLogger,
    health: () => ({}),
    limits: limits ?? {},
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const accessKeyId = rootPrincipal('aws', ACCOUNT).accountId;
  return {
    port: (app.server.address() as AddressInfo).port,
    root: { accessKeyId, secretAccessKey: 'test', region: 'us-east-1', service: 's3' },
    ...{ admission, handled },
    close: () => app.close(),
  };
}
