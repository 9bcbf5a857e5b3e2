/**
 * The servers of the cluster as a client sees them: which one to use, and how many of them are well. The own zone's
 * server comes first and is gone back to; the next one is taken as soon as a call fails.
 */
import { Buffer } from 'node:buffer';
import type { Clock, Logger } from '@stormglass/base';
import { LogUnavailable } from '../../log.ts';
import type { CurrentTls } from '../client-tls.ts';
import { decodeTxn, PATHS, statusHasLeader, type TxnAnswer } from './etcd-api.ts';
import { GRPC, GrpcChannel, GrpcError } from './grpc.ts';

/** One call is given up after this long; without a leader it would hang for seconds. */
const CALL_MS = 1_000;
const STATUS_MS = 800;
const PING_MS = 500;

const EMPTY = Buffer.alloc(0);

export class Members {
  readonly #channels: readonly GrpcChannel[];
  readonly #logger: Logger;
  #current = 0;
  #wellCount = 0;
  #closed = false;

  constructor(endpoints: readonly string[], clock: Clock, logger: Logger, tls?: CurrentTls) {
    this.#channels = endpoints.map(endpoint => new GrpcChannel(endpoint, clock, tls));
    this.#logger = logger;
  }

  get count(): number {
    return this.#channels.length;
  }

  /** Members that knew a leader at the last look. */
  get wellCount(): number {
    return this.#wellCount;
  }

  /** The channel to use now. */
  get channel(): GrpcChannel {
    return this.#channels[this.#current]!;
  }

  /**
   * Runs a transaction on the present member, without repeating it: it may have changed something.
   * @throws LogUnavailable
   */
  async txn(request: Buffer): Promise<TxnAnswer> {
    return decodeTxn(await this.#call(PATHS.txn, request));
  }

  /**
   * Runs a transaction that only reads; every member is tried once.
   * @throws LogUnavailable
   */
  async read(request: Buffer): Promise<TxnAnswer> {
    for (let tried = 1; ; tried++) {
      try {
        return await this.txn(request);
      } catch (error) {
        if (tried >= this.count) throw error;
      }
    }
  }

  async compact(request: Buffer): Promise<void> {
    await this.#call(PATHS.compact, request);
  }

  /** Looks at all members, and goes back to the preferred one if it is well again. */
  async look(): Promise<void> {
    const well = await Promise.all(this.#channels.map(channel => isWell(channel)));
    this.#wellCount = well.filter(Boolean).length;
    const preferred = well.indexOf(true);
    if (preferred !== -1 && preferred < this.#current) this.#current = preferred;
  }

  /** Takes the next member, because `channel` did not serve us; does nothing if that has been left already. */
  leave(channel: GrpcChannel): void {
    if (channel !== this.channel) return;
    this.#current = (this.#current + 1) % this.count;
    this.#logger.debug('etcd: trying another member', { left: channel.endpoint, now: this.channel.endpoint });
  }

  /** Ends all connections; calls fail from now on. */
  close(): void {
    this.#closed = true;
    for (const channel of this.#channels) channel.reset();
  }

  async #call(path: string, request: Buffer): Promise<Buffer> {
    if (this.#closed) throw new LogUnavailable('not-applied', 'the log is closed');
    const channel = this.channel;
    try {
      return await channel.unary(path, request, CALL_MS);
    } catch (error) {
      if (!(error instanceof GrpcError)) throw error;
      if (error.code === GRPC.deadlineExceeded) void dropIfDead(channel);
      if (error.code === GRPC.deadlineExceeded || error.code === GRPC.unavailable) this.leave(channel);
      throw new LogUnavailable(outcomeOf(error), `etcd: ${error.message}`, { cause: error });
    }
  }
}

/** What the failure of a call says about its effect. */
function outcomeOf(error: GrpcError): LogUnavailable['outcome'] {
  const refused = error.code === GRPC.invalidArgument || error.code === GRPC.resourceExhausted;
  return refused || !error.sent ? 'not-applied' : 'unknown';
}

/** A timeout alone may mean an election; a connection over which nothing comes back is of no use any more. */
async function dropIfDead(channel: GrpcChannel): Promise<void> {
  if (!(await channel.alive(PING_MS))) channel.reset();
}

async function isWell(channel: GrpcChannel): Promise<boolean> {
  try {
    return statusHasLeader(await channel.unary(PATHS.status, EMPTY, STATUS_MS));
  } catch (error) {
    if (error instanceof GrpcError && error.code === GRPC.deadlineExceeded) await dropIfDead(channel);
    return false;
  }
}
