/**
 * A steady load of signed calls from the official SDK with its default retries, reads and writes mixed, each call
 * remembered: what was asked, when it was asked and answered, and whether it failed after all retries.
 */
import { CreateUserCommand, GetRoleCommand, GetUserCommand, IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';

export interface CallRecord {
  readonly operation: string;
  /** Monotonic ms. */
  readonly at: number;
  readonly durationMs: number;
  readonly error: string | undefined;
}

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
  readonly records: CallRecord[] = [];
  /** Users whose creation was acknowledged. */
  readonly created: string[] = [];
  readonly #clients: readonly { readonly iam: IAMClient; readonly sts: STSClient }[];
  readonly #role: string;
  readonly #pending = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #count = 0;

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

  /** Begins `perSecond` calls a second, evenly spaced, whatever becomes of them: an open loop, as clients are. */
  start(perSecond: number): void {
    const startedAt = performance.now();
    this.#timer = setInterval(() => {
      const due = Math.floor(((performance.now() - startedAt) / 1000) * perSecond);
      while (this.#count < due) this.#launch(this.#count++);
    }, 5);
  }

  /** Waits for every call under way. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#pending);
    for (const { iam, sts } of this.#clients) {
      iam.destroy();
      sts.destroy();
    }
  }

  #launch(n: number): void {
    const call = this.#call(n).finally(() => this.#pending.delete(call));
    this.#pending.add(call);
  }

  async #call(n: number): Promise<void> {
    const at = performance.now();
    const [operation, run] = this.#choose(n);
    let error: string | undefined;
    try {
      await run();
    } catch (thrown) {
      error = storyOf(thrown as Error);
    }
    this.records.push({ operation, at, durationMs: performance.now() - at, error });
  }

  #choose(n: number): [string, () => Promise<unknown>] {
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

/** With the zone that answered, and whether from its own copy, where there was an answer. */
function storyOf(error: Error & { $response?: { headers?: Record<string, string> } }): string {
  const { 'x-stormglass-zone': zone, 'x-stormglass-read': read } = error.$response?.headers ?? {};
  return [`${error.name}: ${error.message}`, zone, read].filter(text => text !== undefined).join(', ');
}

/** The given percentile of durations, in ms; 0 of none. */
export function percentile(records: readonly CallRecord[], p: number): number {
  const sorted = records.map(r => r.durationMs).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? 0;
}
