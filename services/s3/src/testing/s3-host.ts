/** S3 in one zone, on a system-chosen port, with official clients for it: what its tests judge it by. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, type CreateBucketCommandInput, S3Client } from '@aws-sdk/client-s3';
import { seededRandom, silentLogger, systemClock } from '@stormglass/base';
import type { BlobFiles } from '@stormglass/blob-store';
import { type IamCommand, IamState } from '@stormglass/identity';
import type { ObjectIndexView } from '@stormglass/object-index';
import { MemoryLog, Replica } from '@stormglass/replicated-state';
import { type AuditSink, iamReplicaOf, standaloneHost } from '@stormglass/service-kit';
import { createS3Service } from '../app.ts';
import type { S3Deps } from '../deps.ts';
import { openLocalStore } from '../local-store.ts';

export const ACCOUNT = '123456789012';
export const OTHER_ACCOUNT = '210987654321';
export const REGION = 'us-east-1';
const ZONES = ['use1-az1', 'use1-az2', 'use1-az3'];
const DAY_MS = 24 * 60 * 60 * 1000;

export interface S3Host {
  readonly endpoint: string;
  /** The root of `ACCOUNT`. */
  readonly root: S3Client;
  readonly deps: S3Deps;
  readonly view: ObjectIndexView;
  readonly files: BlobFiles;
  client(accessKeyId: string, secretAccessKey?: string): S3Client;
  /** A new user of an account, that may do what `statements` say. */
  user(name: string, statements: readonly object[], account?: string): Promise<S3Client>;
  /** A new bucket of `ACCOUNT`, with a name of its own. */
  bucket(settings?: Partial<CreateBucketCommandInput>): Promise<string>;
  /** Changes who there is, and what they have. */
  iam(command: IamCommand): Promise<unknown>;
  /** A request that nobody signs. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

/** What a refused call must be rejected with. */
export const refusal = (name: string, httpStatusCode: number, message?: unknown) => ({
  name,
  ...(message === undefined ? {} : { message }),
  $metadata: { httpStatusCode },
});

/** `overrides` of what the operations work on, and where calls are written down. */
export async function startS3Host({
  audit,
  ...overrides
}: Partial<S3Deps & { audit: AuditSink }> = {}): Promise<S3Host> {
  const sources = { clock: systemClock, random: seededRandom(7), logger: silentLogger };
  const folder = await mkdtemp(join(tmpdir(), 's3-host-'));
  const iam = new Replica({ machine: new IamState(), log: new MemoryLog(systemClock).open(), ...sources });
  const [store] = await Promise.all([openLocalStore({ folder, workers: 0, ...sources }), iam.start()]);
  const place = { region: REGION, zone: ZONES[0]!, zones: ZONES, lifecycleDayMs: DAY_MS };
  const iamReplica = iamReplicaOf(iam, systemClock);
  const deps: S3Deps = {
    index: store.index,
    bytes: store.bytes,
    iam: iamReplica,
    ...place,
    ...sources,
    ...overrides,
  };
  const app = standaloneHost({
    services: [createS3Service(deps)],
    iam: iamReplica,
    ...sources,
    ...(audit && { audit }),
  });
  const endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
  const clients: S3Client[] = [];
  let count = 0;

  const client = (accessKeyId: string, secretAccessKey = 'test'): S3Client => {
    const credentials = { accessKeyId, secretAccessKey };
    const made = new S3Client({ endpoint, region: REGION, credentials, maxAttempts: 1, forcePathStyle: true });
    clients.push(made);
    return made;
  };
  const run = (command: IamCommand) => iam.execute(command, { deadline: systemClock.monotonic() + 1000 });
  const root = client(ACCOUNT);
  return {
    endpoint,
    root,
    deps,
    view: deps.index.view,
    files: store.files,
    client,
    async user(userName, statements, accountId = ACCOUNT) {
      const accessKeyId = `AKIA${userName.toUpperCase().padEnd(16, 'A')}`;
      await run({ type: 'CreateUser', accountId, userName, userId: `AIDA${userName}`, path: '/' });
      const document = JSON.stringify({ Version: '2012-10-17', Statement: statements });
      const entity = { kind: 'user', name: userName } as const;
      await run({ type: 'PutInlinePolicy', accountId, entity, policyName: 'own', document });
      await run({ type: 'CreateAccessKey', accountId, userName, accessKeyId, secretAccessKey: 'secret' });
      return client(accessKeyId, 'secret');
    },
    async bucket(settings = {}) {
      const Bucket = settings.Bucket ?? `bucket-${++count}`;
      await root.send(new CreateBucketCommand({ ...settings, Bucket }));
      return Bucket;
    },
    iam: run,
    fetch: (path, init) => fetch(`${endpoint}${path}`, init),
    async close() {
      for (const each of clients) each.destroy();
      await app.close();
      await Promise.all([store.close(), iam.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
