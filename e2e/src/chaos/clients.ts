/**
 * The clients of one process of a workload: the official SDK with its default retries, on connections of its own, and what
 * the region says of each answer: which zone gave it, and whether from its own copy.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { Route53Client } from '@aws-sdk/client-route-53';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { type Found, Refused } from './history.ts';
import { accountCredentials } from './sdk-load.ts';

type Credentials = Exclude<STSClientConfig['credentials'], undefined>;

/** Codes of client errors that say "later", not "no". */
const LATER = /Throttl|RequestTimeout|TooManyRequests|PriorRequestNotComplete|TransactionInProgress/;

/** The part of an SDK client's middleware that sees raw answers. */
interface Stack {
  add(
    middleware: (next: (args: never) => Promise<{ response: unknown }>) => (args: never) => Promise<never>,
    options: { step: 'deserialize'; priority: 'low' },
  ): void;
}

export class Clients {
  readonly iam: IAMClient;
  readonly sts: STSClient;
  readonly names: Route53Client;
  readonly s3: S3Client;
  readonly items: DynamoDBClient;
  readonly account: string;
  readonly #endpoint: string;
  #session: STSClient | undefined;
  /** What the last answer said of itself; a process does one thing at a time. */
  #last: Found = {};

  /** `account`: twelve digits. */
  constructor(endpoint: string, account: string) {
    this.#endpoint = endpoint;
    this.account = account;
    const options = { endpoint, region: 'us-east-1', credentials: accountCredentials(account) };
    this.iam = this.#watched(new IAMClient(options));
    this.sts = this.#watched(new STSClient(options));
    this.names = this.#watched(new Route53Client(options));
    this.s3 = this.#watched(new S3Client({ ...options, forcePathStyle: true }));
    this.items = this.#watched(new DynamoDBClient(options));
  }

  /** An STS client of a session, in place of the session before. */
  as(credentials: Credentials): STSClient {
    this.#session?.destroy();
    this.#session = this.#watched(new STSClient({ endpoint: this.#endpoint, region: 'us-east-1', credentials }));
    return this.#session;
  }

  /**
   * Has the SDK make a call; what the answer says of itself comes with it.
   * @throws Refused when the region answered no, Error when nothing clear came back after all retries
   */
  async ask<Output>(call: () => Promise<Output>): Promise<{ readonly output: Output; readonly found: Found }> {
    this.#last = {};
    try {
      const output = await call();
      return { output, found: this.#last };
    } catch (cause) {
      const { name, message, $metadata } = cause as Error & { $metadata?: { httpStatusCode?: number } };
      const status = $metadata?.httpStatusCode ?? 500;
      const story = `${name}: ${message}`;
      throw status >= 400 && status < 500 && !LATER.test(name) ? new Refused(story, this.#last) : new Error(story);
    }
  }

  /** Ends all connections; calls under way are asked again, on new ones. */
  close(): void {
    for (const client of [this.iam, this.sts, this.names, this.s3, this.items, this.#session]) client?.destroy();
  }

  #watched<Client extends { readonly middlewareStack: unknown }>(client: Client): Client {
    const stack = client.middlewareStack as Stack;
    stack.add(
      next => async args => {
        const result = await next(args);
        const { headers = {} } = result.response as { headers?: Record<string, string> };
        const zone = headers['x-stormglass-zone'];
        this.#last = {
          ...(zone === undefined ? {} : { zone }),
          ...(headers['x-stormglass-read'] === 'local' ? { isLocal: true } : {}),
        };
        return result as never;
      },
      { step: 'deserialize', priority: 'low' },
    );
    return client;
  }
}
