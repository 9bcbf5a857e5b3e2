/** A steady load of signed calls from the official SDK with its default retries, reads and writes mixed. */
import { CreateUserCommand, GetRoleCommand, GetUserCommand, IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { type CallRecord, type Chosen, OpenLoop } from './open-loop.ts';

const region = 'us-east-1';
const CLIENTS = 6;

/** Development credentials of an account of one's own, so that no load meets the quota of another. */
export const accountCredentials = (accountId: string) => ({ accessKeyId: accountId, secretAccessKey: 'test' });

/** Where a client of the load finds a service, and how it connects. */
export type Connecting = (
  service: 'iam' | 'sts',
  client: number,
) => Pick<STSClientConfig, 'endpoint' | 'requestHandler'>;

export class SdkLoad {
  /** Users whose creation was acknowledged. */
  readonly created: string[] = [];
  readonly #clients: readonly { readonly iam: IAMClient; readonly sts: STSClient }[];
  readonly #role: string;
  readonly #loop = new OpenLoop(n => this.#choose(n));

  /** `role` is one that exists in the account. */
  constructor(where: string | Connecting, accountId: string, role: string) {
    const connecting: Connecting = typeof where === 'string' ? () => ({ endpoint: where }) : where;
    const credentials = accountCredentials(accountId);
    // Each client keeps connections of its own, so that every zone has some of them when it fails.
    this.#clients = Array.from({ length: CLIENTS }, (_, n) => ({
      iam: new IAMClient({ ...connecting('iam', n), region, credentials }),
      sts: new STSClient({ ...connecting('sts', n), region, credentials }),
    }));
    this.#role = role;
  }

  get records(): readonly CallRecord[] {
    return this.#loop.records;
  }

  /** Begins `perSecond` calls a second, evenly spaced, whatever becomes of them. */
  start(perSecond: number): void {
    this.#loop.start(perSecond);
  }

  /** Waits for every call under way. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    for (const { iam, sts } of this.#clients) {
      iam.destroy();
      sts.destroy();
    }
  }

  #choose(n: number): Chosen {
    const { iam, sts } = this.#clients[Math.floor(n / 5) % CLIENTS]!;
    switch (n % 5) {
      case 0:
      case 1: {
        const name = `user-${n}`;
        return [
          'CreateUser',
          async () => {
            await iam.send(new CreateUserCommand({ UserName: name }));
            this.created.push(name);
          },
        ];
      }
      case 2:
        return ['GetRole', () => iam.send(new GetRoleCommand({ RoleName: this.#role }))];
      case 3: {
        const known = this.created.at(-1);
        if (known === undefined) return ['ListUsers', () => iam.send(new ListUsersCommand({ MaxItems: 10 }))];
        // A user whose creation was acknowledged must be found, whichever zone answers.
        return ['GetUser', () => iam.send(new GetUserCommand({ UserName: known }))];
      }
      default:
        return ['GetCallerIdentity', () => sts.send(new GetCallerIdentityCommand({}))];
    }
  }
}
