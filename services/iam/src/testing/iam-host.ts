/** IAM on a system-chosen port, and official clients for it: what its tests judge it by. */
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { type Clock, type Random, seededRandom, silentLogger, systemClock } from '@stormglass/base';
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
  /** A new user that may do what `statements` say, with an access key. */
  user(name: string, ...statements: object[]): Promise<IAMClient>;
  /** Credentials of a session, as STS would hand them out. */
  session(claims: SessionClaims): Promise<Credentials>;
  close(): Promise<void>;
}

/** The text of a policy. */
export const policy = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });

export const allow = (Action: string | string[], Resource: string | string[] = '*', more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});

/** A trust policy for everybody in `ACCOUNT`. */
export const trust = (principal: object = { AWS: '123456789012' }): string =>
  policy({ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' });

/** What a refused call must be rejected with. */
export const refusal = (name: string, httpStatusCode: number, message: string) => ({
  name,
  message,
  $metadata: { httpStatusCode },
});

export const noSuchEntity = (message: string) => refusal('NoSuchEntityException', 404, message);

export const ACCOUNT = '123456789012';

/** `logClock` says what time the log has. */
export async function startIamHost(random: Random = seededRandom(7), logClock: Clock = systemClock): Promise<IamHost> {
  const sources = { clock: systemClock, random, logger: silentLogger };
  const log = new MemoryLog(logClock);
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
  const root = client({ accessKeyId: ACCOUNT, secretAccessKey: 'test' });
  return {
    view: replica.view,
    root,
    client,
    async user(UserName, ...statements) {
      await root.send(new CreateUserCommand({ UserName }));
      if (statements.length > 0) {
        const PolicyDocument = policy(...statements);
        await root.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument }));
      }
      const { AccessKey } = await root.send(new CreateAccessKeyCommand({ UserName }));
      return client({ accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! });
    },
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
