/** Route 53 on a system-chosen port, and official clients for it: what its tests judge it by. */
import {
  type Change,
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  type ResourceRecordSet,
  Route53Client,
  type RRType,
  TestDNSAnswerCommand,
} from '@aws-sdk/client-route-53';
import { seededRandom, silentLogger, systemClock } from '@stormglass/base';
import { HostedZonesState, healthOf, ZoneLookup } from '@stormglass/hosted-zones';
import { type IamCommand, IamState } from '@stormglass/identity';
import { MemoryLog, Replica } from '@stormglass/replicated-state';
import { iamReplicaOf, standaloneHost } from '@stormglass/service-kit';
import { createRoute53Service } from '../app.ts';
import type { Observation } from '../health-checkers/observation.ts';

export const ACCOUNT = '123456789012';
export const NAME_SERVERS = ['ns-1.test', 'ns-2.test', 'ns-3.test', 'ns-4.test'];

export interface Route53Host {
  /** The root of `ACCOUNT`. */
  readonly root: Route53Client;
  readonly endpoint: string;
  /** Endpoints that are down: ids of their health checks. */
  readonly down: Set<string>;
  /** What the checkers saw, by health check. */
  readonly seen: Map<string, readonly Observation[]>;
  client(accessKeyId: string, secretAccessKey?: string): Route53Client;
  /** A new user of `ACCOUNT` that may do what `statements` say. */
  user(name: string, ...statements: object[]): Promise<Route53Client>;
  /** A new public zone; its id. */
  zone(name: string): Promise<string>;
  change(zoneId: string, ...changes: readonly Change[]): Promise<void>;
  /** What the zone answers, in order; the response code when that is not NOERROR. */
  ask(zoneId: string, name: string, type?: RRType): Promise<readonly string[] | string>;
  close(): Promise<void>;
}

/** A record set of type A. */
export const a = (Name: string, Value: string, more: Partial<ResourceRecordSet> = {}): ResourceRecordSet => ({
  Name,
  Type: 'A',
  TTL: 60,
  ResourceRecords: [{ Value }],
  ...more,
});

export const create = (set: ResourceRecordSet): Change => ({ Action: 'CREATE', ResourceRecordSet: set });
export const upsert = (set: ResourceRecordSet): Change => ({ Action: 'UPSERT', ResourceRecordSet: set });
export const remove = (set: ResourceRecordSet): Change => ({ Action: 'DELETE', ResourceRecordSet: set });

/** What a refused call must be rejected with. */
export const refusal = (name: string, httpStatusCode: number, message: unknown) => ({
  name,
  message,
  $metadata: { httpStatusCode },
});

export async function startRoute53Host(): Promise<Route53Host> {
  const random = seededRandom(7);
  const sources = { clock: systemClock, random, logger: silentLogger };
  const iam = new Replica({ machine: new IamState(), log: new MemoryLog(systemClock).open(), ...sources });
  const replica = new Replica({ machine: new HostedZonesState(), log: new MemoryLog(systemClock).open(), ...sources });
  await Promise.all([iam.start(), replica.start()]);
  const down = new Set<string>();
  const seen = new Map<string, readonly Observation[]>();
  const isHealthy = healthOf(replica.view, id => (down.has(id) ? 'unhealthy' : 'healthy'));
  const endpoints = (name: string, type: string) =>
    name === 'sts.us-east-1.amazonaws.com'
      ? [{ name, type: 'A', ttl: 5, data: '127.0.0.1' }].filter(r => r.type === type)
      : [];
  const lookup = new ZoneLookup({ view: replica.view, isHealthy, random, endpoints });
  const newest = (id: string) => seen.get(id) ?? [];
  const observations = { newest, failures: (id: string) => newest(id).filter(({ status }) => /^Failure/.test(status)) };
  const services = [createRoute53Service({ replica, random, nameServers: NAME_SERVERS, lookup, observations })];
  const app = standaloneHost({ services, iam: iamReplicaOf(iam, systemClock), ...sources });
  const endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
  const clients: Route53Client[] = [];
  let count = 0;

  const client = (accessKeyId: string, secretAccessKey = 'test'): Route53Client => {
    const credentials = { accessKeyId, secretAccessKey };
    const made = new Route53Client({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
    clients.push(made);
    return made;
  };
  const root = client(ACCOUNT);
  return {
    root,
    endpoint,
    down,
    seen,
    client,
    async user(userName, ...statements) {
      const run = (command: IamCommand) => iam.execute(command, { deadline: systemClock.monotonic() + 1000 });
      const accessKeyId = `AKIA${userName.toUpperCase().padEnd(16, 'A')}`;
      await run({ type: 'CreateUser', accountId: ACCOUNT, userName, userId: `AIDA${userName}`, path: '/' });
      const document = JSON.stringify({ Version: '2012-10-17', Statement: statements });
      const entity = { kind: 'user', name: userName } as const;
      await run({ type: 'PutInlinePolicy', accountId: ACCOUNT, entity, policyName: 'own', document });
      await run({ type: 'CreateAccessKey', accountId: ACCOUNT, userName, accessKeyId, secretAccessKey: 'secret' });
      return client(accessKeyId, 'secret');
    },
    async zone(Name) {
      const made = await root.send(new CreateHostedZoneCommand({ Name, CallerReference: `zone-${++count}` }));
      return made.HostedZone!.Id!.replace('/hostedzone/', '');
    },
    async change(HostedZoneId, ...Changes) {
      await root.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes: [...Changes] } }));
    },
    async ask(HostedZoneId, RecordName, RecordType = 'A') {
      const answer = await root.send(new TestDNSAnswerCommand({ HostedZoneId, RecordName, RecordType }));
      return answer.ResponseCode === 'NOERROR' ? answer.RecordData!.toSorted() : answer.ResponseCode!;
    },
    async close() {
      for (const each of clients) each.destroy();
      await app.close();
      await Promise.all([replica.close(), iam.close()]);
    },
  };
}
