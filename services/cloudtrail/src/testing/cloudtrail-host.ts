/** CloudTrail on a system-chosen port, which records its own calls, and official clients for it. */
import { CloudTrailClient, type CloudTrailClientConfig } from '@aws-sdk/client-cloudtrail';
import { type Clock, seededRandom, silentLogger, systemClock } from '@stormglass/base';
import { type IamCommand, IamState } from '@stormglass/identity';
import { MemoryLog, Replica } from '@stormglass/replicated-state';
import { type AuditEvent, iamReplicaOf, standaloneHost } from '@stormglass/service-kit';
import { createCloudTrailService } from '../app.ts';
import type { DeliverLog } from '../delivery/trail-buckets.ts';
import type { CloudTrailReplica } from '../deps.ts';
import { recordEvents } from '../record-events.ts';
import { CloudTrailState } from '../state/state.ts';

export const ACCOUNT = '123456789012';

export interface CloudTrailHost {
  /** The root of `ACCOUNT`. */
  readonly root: CloudTrailClient;
  readonly replica: CloudTrailReplica;
  client(accessKeyId: string, more?: Partial<CloudTrailClientConfig>): CloudTrailClient;
  /** A new user of `ACCOUNT` that may do what `statements` say. */
  user(name: string, ...statements: object[]): Promise<CloudTrailClient>;
  /** Records events as if they came from calls. */
  record(...events: readonly AuditEvent[]): Promise<void>;
  close(): Promise<void>;
}

/** An event of `ACCOUNT`, `time` ms after the epoch. */
export function anEvent(id: string, time: number, more: Partial<AuditEvent['index']> = {}): AuditEvent {
  const index = {
    ...{ region: 'us-east-1', account: ACCOUNT, name: 'CreateUser', source: 'iam.amazonaws.com' },
    ...{ user: 'root', accessKeyId: ACCOUNT, readOnly: false, resources: [] },
    ...more,
  };
  return { id, time, index, record: JSON.stringify({ eventID: id, eventName: index.name }) };
}

/** `records`: whether its own calls are recorded; `deliver`: the object store, where there is one. */
export async function startCloudTrailHost({
  records = false,
  clock = systemClock as Clock,
  deliver = undefined as DeliverLog | undefined,
} = {}): Promise<CloudTrailHost> {
  const sources = { clock, random: seededRandom(7), logger: silentLogger };
  const iam = new Replica({ machine: new IamState(), log: new MemoryLog(clock).open(), ...sources });
  const replica = new Replica({ machine: new CloudTrailState(), log: new MemoryLog(clock).open(), ...sources });
  await Promise.all([iam.start(), replica.start()]);
  const record = (...events: readonly AuditEvent[]) => recordEvents(replica, clock, events);
  const app = standaloneHost({
    ...{ services: [createCloudTrailService({ replica, deliver })], iam: iamReplicaOf(iam, clock), ...sources },
    ...(records ? { audit: { record: (event: AuditEvent) => record(event) } } : {}),
  });
  const endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
  const clients: CloudTrailClient[] = [];
  const client = (accessKeyId: string, more: Partial<CloudTrailClientConfig> = {}): CloudTrailClient => {
    const credentials = { accessKeyId, secretAccessKey: 'test' };
    const made = new CloudTrailClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1, ...more });
    clients.push(made);
    return made;
  };
  return {
    root: client(ACCOUNT),
    replica,
    client,
    record,
    async user(userName, ...statements) {
      const run = (command: IamCommand) => iam.execute(command, { deadline: clock.monotonic() + 1000 });
      const accessKeyId = `AKIA${userName.toUpperCase().padEnd(16, 'A')}`;
      await run({ type: 'CreateUser', accountId: ACCOUNT, userName, userId: `AIDA${userName}`, path: '/' });
      const document = JSON.stringify({ Version: '2012-10-17', Statement: statements });
      const entity = { kind: 'user', name: userName } as const;
      await run({ type: 'PutInlinePolicy', accountId: ACCOUNT, entity, policyName: 'own', document });
      await run({ type: 'CreateAccessKey', accountId: ACCOUNT, userName, accessKeyId, secretAccessKey: 'test' });
      return client(accessKeyId);
    },
    async close() {
      for (const each of clients) each.destroy();
      await app.close();
      await Promise.all([replica.close(), iam.close()]);
    },
  };
}
