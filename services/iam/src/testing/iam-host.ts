/** IAM on a system-chosen port, and official clients for it: what its tests judge it by. */
import { IAMClient } from '@aws-sdk/client-iam';
import { type Random, seededRandom, silentLogger, systemClock } from '@stormglass/base';
import { IamState, type IamView, type SessionClaims, sealSession } from '@stormglass/identity';
import { MemoryLog, Replica } from '@stormglass/replicated-state';
import { iamReplicaOf, standaloneHost } from '@stormglass/service-kit';
import { createIamService } from '../app.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface IamHost {
  readonly view: IamView;
  /** The root of `ACCOUNT`. */
  readonly root: IAMClient;
  client(credentials: Credentials): IAMClient;
  /** Credentials of a session, as STS would hand them out. */
  session(claims: SessionClaims): Promise<Credentials>;
  close(): Promise<void>;
}

export const ACCOUNT = '123456789012';

export async function startIamHost(random: Random = seededRandom(7)): Promise<IamHost> {
  const sources = { clock: systemClock, random, logger: silentLogger };
  const log = new MemoryLog(systemClock);
  const replica = new Replica({ machine: new IamState(), log: log.open(), ...sources });
  await replica.start();
  const services = [createIamService({ replica, random })];
  const app = standaloneHost({ services, iam: iamReplicaOf(replica, systemClock), ...sources });
  const endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
  const clients: IAMClient[] = [];

  const client = (credentials: Credentials): IAMClient => {
    const made = new IAMClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
    clients.push(made);
    return made;
  };
  return {
    view: replica.view,
    root: client({ accessKeyId: ACCOUNT, secretAccessKey: 'test' }),
    client,
    async session(claims) {
      const key = Buffer.from(random.bytes(32)).toString('base64');
      const command = { type: 'AddTokenKey', keyId: '00000001', key, after: null } as const;
      await replica.execute(command, { deadline: systemClock.monotonic() + 1000 });
      return sealSession(replica.view.tokenKeys(), claims, random);
    },
    async close() {
      for (const each of clients) each.destroy();
      await app.close();
      await replica.close();
    },
  };
}
