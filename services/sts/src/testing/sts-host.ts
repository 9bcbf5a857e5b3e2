/** STS on a system-chosen port, and official clients for it: what its tests judge it by. IAM is set up by commands. */
import { AssumeRoleCommand, type AssumeRoleCommandInput, STSClient } from '@aws-sdk/client-sts';
import { type Random, seededRandom, silentLogger, skewed, systemClock } from '@stormglass/base';
import { type IamCommand, type IamResult, IamState, type IamView } from '@stormglass/identity';
import { MemoryLog, Replica } from '@stormglass/replicated-state';
import { iamReplicaOf, standaloneHost } from '@stormglass/service-kit';
import { createStsService } from '../app.ts';
import type { StsProfile } from '../deps.ts';
import { ensureTokenKey } from '../token-key.ts';
import type { IssuerFetch } from '../web-identity/issuer-fetch.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export const ACCOUNT = '123456789012';
export const ROOT: Credentials = { accessKeyId: ACCOUNT, secretAccessKey: 'test' };

export const policy = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });

const ACTIONS = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];

/** A statement of a trust policy. */
export const trusts = (AWS: string, more: object = {}) => ({
  Effect: 'Allow',
  Principal: { AWS },
  Action: ACTIONS,
  ...more,
});

export interface StsHost {
  readonly replica: Replica<IamCommand, IamResult, IamView>;
  run(command: IamCommand): Promise<void>;
  /** Where it listens. */
  readonly endpoint: string;
  client(credentials: Credentials): STSClient;
  /** Clients of another region that has the same accounts and the same keys. */
  elsewhere(region: string): Promise<(credentials: Credentials) => STSClient>;
  /** Sets its clock ahead; clients made from here on follow. */
  advance(ms: number): void;
  /** A new user that may do what `statements` say. */
  user(name: string, ...statements: object[]): Promise<STSClient>;
  /** A new role with this trust policy; its ARN. */
  role(name: string, trust: object[], more?: { path?: string; maxSessionDurationSeconds?: number }): Promise<string>;
  close(): Promise<void>;
}

export interface StsHostOptions {
  /** Whether there is a key for session tokens from the beginning; so unless said otherwise. */
  readonly keyed?: boolean;
  readonly region?: string;
  readonly profile?: StsProfile;
  readonly fetchIssuer?: IssuerFetch;
}

export async function startStsHost(options: StsHostOptions = {}): Promise<StsHost> {
  const { keyed = true, region = 'us-east-1', profile = 'regional', fetchIssuer } = options;
  const random: Random = seededRandom(11);
  let aheadMs = 0;
  const clock = skewed(systemClock, () => aheadMs);
  const sources = { clock, random };
  const log = new MemoryLog(systemClock).open();
  const replica = new Replica({ machine: new IamState(), log, logger: silentLogger, ...sources });
  await replica.start();
  const iam = iamReplicaOf(replica, systemClock);
  const apps: ReturnType<typeof standaloneHost>[] = [];
  const serve = (served: string, as: StsProfile) => {
    // Tests reach the global endpoint by its address.
    const services = [{ ...createStsService({ replica, profile: as, fetchIssuer, ...sources }), onlyAt: undefined }];
    const app = standaloneHost({ services, iam, region: served, logger: silentLogger, ...sources });
    apps.push(app);
    return app.listen({ host: '127.0.0.1', port: 0 });
  };
  const endpoint = await serve(region, profile);
  if (keyed) await ensureTokenKey({ replica, signal: new AbortController().signal, ...sources });
  const clients: STSClient[] = [];
  let keys = 0;

  const run = async (command: IamCommand) => {
    const result = await replica.execute(command, { deadline: systemClock.monotonic() + 1000 });
    if (!result.ok) throw new Error(result.message);
  };
  const client = (credentials: Credentials, at = endpoint, signedFor = profile === 'global' ? 'us-east-1' : region) => {
    const made = new STSClient({
      endpoint: at,
      region: signedFor,
      credentials,
      maxAttempts: 1,
      systemClockOffset: aheadMs,
    });
    clients.push(made);
    return made;
  };
  return {
    ...{ replica, endpoint, run, client: credentials => client(credentials) },
    async elsewhere(other) {
      const at = await serve(other, 'regional');
      return credentials => client(credentials, at, other);
    },
    advance(ms) {
      aheadMs += ms;
    },
    async user(userName, ...statements) {
      const accountId = ACCOUNT;
      const secretAccessKey = `secret of ${userName}`;
      const accessKeyId = `AKIA${String(++keys).padStart(16, 'A').replaceAll('0', 'Z').replaceAll('1', 'Y')}`;
      await run({ type: 'CreateUser', accountId, userName, userId: `AIDA${userName.toUpperCase()}`, path: '/' });
      await run({ type: 'CreateAccessKey', accountId, userName, accessKeyId, secretAccessKey });
      const entity = { kind: 'user', name: userName } as const;
      const document = policy(...statements);
      if (statements.length > 0) await run({ type: 'PutInlinePolicy', accountId, entity, policyName: 'own', document });
      return client({ accessKeyId, secretAccessKey });
    },
    async role(roleName, trust, { path = '/', ...more } = {}) {
      const about = { accountId: ACCOUNT, roleName, roleId: `AROA${roleName.toUpperCase()}`, path, ...more };
      await run({ type: 'CreateRole', ...about, trustPolicy: policy(...trust) });
      return `arn:aws:iam::${ACCOUNT}:role${path}${roleName}`;
    },
    async close() {
      for (const each of clients) each.destroy();
      await Promise.all(apps.map(app => app.close()));
      await replica.close();
    },
  };
}

/** Assumes a role under the session name `s1`. */
export const assume = (client: STSClient, RoleArn: string, more: Partial<AssumeRoleCommandInput> = {}) =>
  client.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 's1', ...more }));

/** Assumes a role and makes a client of the session. */
export async function assumed(
  host: StsHost,
  client: STSClient,
  RoleArn: string,
  more: Partial<AssumeRoleCommandInput> = {},
): Promise<STSClient> {
  const { Credentials } = await assume(client, RoleArn, more);
  return host.client({
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  });
}
