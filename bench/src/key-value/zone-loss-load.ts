/**
 * Puts of new items and strong reads of acknowledged ones, evenly, whoever is slow, with the retries that the
 * SDK's client of DynamoDB makes by default: three more attempts when a connection ends or a 5xx comes, after up to 25 ms,
 * 50 ms and 100 ms.
 */
import { ObjectConnection } from '../object-store/object-connection.ts';
import type { PreparedRequest } from '../object-store/object-requests.ts';
import { TABLE } from './key-value-plan.ts';
import { request } from './key-value-requests.ts';
import { SIGNER } from './key-value-servers.ts';

export interface LossCall {
  /** Of the item that it is about. */
  readonly item: number;
  readonly isPut: boolean;
  /** When it should have been sent, in ms of the monotonic clock. */
  readonly dueAt: number;
  answeredAt: number | undefined;
  attempts: number;
  problem: string | undefined;
}

const ATTEMPTS = 4;
const BACKOFF_MS = 25;
/** Answers that are worth another attempt. */
const TRANSIENT = /^the connection was closed|^HTTP\/1\.1 5/;
const COLLECTION = 100;

/** Of an item of this load, whose hash keys are none of the others'. */
export const lossKey = (item: number) => ({
  pk: { S: `loss-${Math.floor(item / COLLECTION)}` },
  sk: { N: String(item % COLLECTION) },
});

export class ZoneLossLoad {
  readonly calls: LossCall[] = [];
  readonly #connections: readonly ObjectConnection[];
  readonly #puts: readonly PreparedRequest[];
  readonly #gets: readonly PreparedRequest[];
  readonly #everyMs: number;
  readonly #startedAt = performance.now();
  readonly #again: { readonly call: LossCall; readonly at: number }[] = [];
  readonly #ticking: NodeJS.Timeout;
  #acknowledged = 0;
  #open = 0;
  #isStopped = false;

  /** @param callsMax prepared; half of them are puts */
  constructor(options: {
    readonly port: number;
    readonly perSecond: number;
    readonly inFlight: number;
    readonly callsMax: number;
  }) {
    const { port, perSecond, inFlight, callsMax } = options;
    const text = { S: 'some words '.repeat(12) };
    const items = Array.from({ length: Math.ceil(callsMax / 2) }, (_, item) => lossKey(item));
    const prepared = (operation: string, body: (key: object) => object) =>
      items.map(key => request(SIGNER, port, operation, { TableName: TABLE, ...body(key) }));
    this.#puts = prepared('PutItem', key => ({ Item: { ...key, text } }));
    this.#gets = prepared('GetItem', Key => ({ Key, ConsistentRead: true }));
    this.#everyMs = 1000 / perSecond;
    this.#startedAt = performance.now();
    this.#connections = Array.from({ length: inFlight }, () => this.#connect(port));
    this.#ticking = setInterval(() => this.#wakeSome(), 1);
  }

  /** Sends nothing new, and waits for what is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    while (this.#open > 0 || this.#again.length > 0) await new Promise(resolve => setTimeout(resolve, 10));
    clearInterval(this.#ticking);
    for (const connection of this.#connections) connection.close();
  }

  #connect(port: number): ObjectConnection {
    let call: LossCall | undefined;
    const next = () => {
      call = this.#take();
      if (call === undefined) return undefined;
      this.#open++;
      call.attempts++;
      return (call.isPut ? this.#puts : this.#gets)[call.item];
    };
    const onAnswer = (_sentAt: number, problem: string | undefined) => {
      this.#open--;
      this.#answered(call!, problem);
    };
    return new ObjectConnection({ port, next, onAnswer });
  }

  #wakeSome(): void {
    for (const connection of this.#connections) {
      if (!this.#isAny()) return;
      connection.wake();
    }
  }

  #dueAt = (): number => this.#startedAt + this.calls.length * this.#everyMs;

  #isAny(): boolean {
    const now = performance.now();
    return (this.#again[0]?.at ?? Number.POSITIVE_INFINITY) <= now || (!this.#isStopped && this.#dueAt() <= now);
  }

  #take(): LossCall | undefined {
    const now = performance.now();
    if ((this.#again[0]?.at ?? Number.POSITIVE_INFINITY) <= now) return this.#again.shift()!.call;
    const dueAt = this.#dueAt();
    const number = this.calls.length;
    if (this.#isStopped || dueAt > now || number >= 2 * this.#puts.length) return undefined;
    const isPut = number % 2 === 0 || this.#acknowledged === 0;
    const item = isPut ? number >> 1 : this.#acknowledged - 1;
    const call = { item, isPut, dueAt, answeredAt: undefined, attempts: 0, problem: undefined };
    this.calls.push(call);
    return call;
  }

  #answered(call: LossCall, problem: string | undefined): void {
    if (problem !== undefined && call.attempts < ATTEMPTS && TRANSIENT.test(problem)) {
      const at = performance.now() + Math.random() * BACKOFF_MS * 2 ** (call.attempts - 1);
      this.#again.push({ call, at });
      this.#again.sort((a, b) => a.at - b.at);
      return;
    }
    call.answeredAt = performance.now();
    call.problem = problem;
    if (problem === undefined && call.isPut) this.#acknowledged = call.item + 1;
  }
}
