/**
 * Bounds the answers to each network of clients, so that a resolver that is reached with forged addresses floods nobody:
 * a bucket of tokens for each /24 (IPv4) or /56 (IPv6), as servers with response rate limiting have it.
 */
import { isIPv4 } from 'node:net';
import type { Clock } from '@stormglass/base';

/** Networks remembered; the one that has asked least recently is forgotten first and starts with a full bucket again. */
const NETWORKS_MAX = 4096;
/** Of the queries beyond the limit every second is told to come over TCP, which a forged address cannot. */
const SLIP = 2;

interface Bucket {
  tokens: number;
  filledAtMs: number;
  refused: number;
}

export class ClientLimit {
  readonly #perSecond: number;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  /** `perSecond` answers to each network; as many may come at once. */
  constructor(perSecond: number, clock: Clock) {
    this.#perSecond = perSecond;
    this.#clock = clock;
  }

  /** What a query from this address gets. */
  admit(address: string): 'answer' | 'come over TCP' | 'nothing' {
    const nowMs = this.#clock.monotonic();
    const network = networkOf(address);
    const bucket = this.#buckets.get(network) ?? { tokens: this.#perSecond, filledAtMs: nowMs, refused: 0 };
    // Taken out and put back, so that the map is ordered by the latest use.
    this.#buckets.delete(network);
    this.#buckets.set(network, bucket);
    if (this.#buckets.size > NETWORKS_MAX) this.#buckets.delete(this.#buckets.keys().next().value!);

    const filled = bucket.tokens + ((nowMs - bucket.filledAtMs) * this.#perSecond) / 1000;
    bucket.tokens = Math.min(filled, this.#perSecond);
    bucket.filledAtMs = nowMs;
    if (bucket.tokens >= 1) {
      bucket.tokens--;
      return 'answer';
    }
    return ++bucket.refused % SLIP === 0 ? 'come over TCP' : 'nothing';
  }
}

/** The /24 or /56 that an address lies in, as text. */
export function networkOf(address: string): string {
  const inner = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  if (isIPv4(inner)) return inner.slice(0, inner.lastIndexOf('.'));
  const [before = '', after] = inner.split('%')[0]!.split('::');
  const head = before.split(':').filter(Boolean);
  const tail = after?.split(':').filter(Boolean) ?? [];
  const groups = [...head, ...Array<string>(Math.max(8 - head.length - tail.length, 0)).fill('0'), ...tail];
  const numbers = groups.slice(0, 4).map(group => Number.parseInt(group, 16));
  return `${numbers.slice(0, 3).join(':')}:${(numbers[3] ?? 0) >> 8}`;
}
