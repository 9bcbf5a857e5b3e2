/**
 * The Redis (or Valkey) of a zone as a shared store. A connection that fails or is silent is thrown away, and the next
 * call makes a new one: when to try again is decided by who calls. Nothing is queued while there is none.
 */
import type { ConnectionOptions } from 'node:tls';
import type { Clock } from '@stormglass/base';
import { Redis } from 'ioredis';
import { type Amounts, greatest, slotsIn } from './contributor-table.ts';
import type { Contribution } from './hot-state.ts';
import { bucketKey, SETTLE, TOP } from './redis-scripts.ts';
import type { Settlement, SharedStore } from './shared-store.ts';

export interface RedisStoreOptions {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  /** For TLS: asked before every connection, because certificates are renewed while a process runs. */
  readonly tls?: () => ConnectionOptions;
  readonly clock: Clock;
}

/** Connecting included. No request waits for answers; this only says when a silent Redis is given up. */
const ANSWER_MS_MAX = 500;

export class RedisStore implements SharedStore {
  readonly #options: RedisStoreOptions;
  #connecting: Promise<Redis> | undefined;
  #client: Redis | undefined;
  #closed = false;

  constructor(options: RedisStoreOptions) {
    this.#options = options;
  }

  async settle({ taken, counted }: Settlement): Promise<readonly number[]> {
    const keys = taken.map(({ bucket }) => bucketKey(bucket));
    const buckets = taken.flatMap(({ limit, tokens }) => [limit.ratePerSecond / 1000, limit.burst, tokens]);
    const counts = counted.flatMap(({ table, contributor, amount }) => [table, contributor, amount]);
    const left = await this.#run(SETTLE, keys, [...buckets, ...counts]);
    return left.map(Number);
  }

  async top(table: string, n: number, windowMs: number): Promise<readonly Contribution[]> {
    const flat = await this.#run(TOP, [], [table, slotsIn(windowMs)]);
    const amounts: Amounts = new Map();
    for (let i = 0; i + 1 < flat.length; i += 2) amounts.set(flat[i]!, { amount: Number(flat[i + 1]) });
    return greatest(amounts, n);
  }

  close(): void {
    this.#closed = true;
    this.#forget();
  }

  async #run(script: string, keys: readonly string[], values: readonly (string | number)[]): Promise<string[]> {
    const { clock } = this.#options;
    const late = Promise.withResolvers<never>();
    const cancel = clock.after(ANSWER_MS_MAX, () =>
      late.reject(new Error(`Redis did not answer within ${ANSWER_MS_MAX} ms`)),
    );
    try {
      return await Promise.race([this.#ask(script, keys, values), late.promise]);
    } catch (error) {
      this.#forget();
      throw error;
    } finally {
      cancel();
    }
  }

  async #ask(script: string, keys: readonly string[], values: readonly (string | number)[]): Promise<string[]> {
    const client = await this.#connected();
    // The text goes along each time: a Redis that was started anew knows no scripts, and a kilobyte is nothing.
    return (await client.eval(script, keys.length, ...keys, ...values)) as string[];
  }

  #connected(): Promise<Redis> {
    if (this.#closed) throw new Error('closed');
    return (this.#connecting ??= this.#connect());
  }

  async #connect(): Promise<Redis> {
    const { tls, clock: _, ...address } = this.#options;
    const client = new Redis({
      ...address,
      ...(tls === undefined ? {} : { tls: tls() }),
      lazyConnect: true,
      connectTimeout: ANSWER_MS_MAX,
      // What version 3 says at the beginning is nothing that is used here.
      protocol: 2,
      enableReadyCheck: false,
      retryStrategy: () => null,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      disableClientInfo: true,
    });
    this.#client = client;
    // Whoever called hears of it; here it must only not end the process.
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  #forget(): void {
    // The library takes its listeners off a connection that it gives up; a handshake that fails after that is nobody's.
    this.#client?.stream?.on('error', () => {});
    this.#client?.disconnect();
    this.#client = undefined;
    this.#connecting = undefined;
  }
}
