/**
 * Does a zone answer? Asks over the link from where the asker stands (the world asks for the clients, a zone's resolver
 * for itself), faults included, and remembers the answer: a few misses make a zone unhealthy, one answer makes it
 * healthy again. As with a load balancer, what counts is whether it
 * answers; what it says of its log only makes it more or less preferred.
 */
import { Agent, get } from 'node:http';
import type { Cancel, Clock } from '@stormglass/base';
import type { ZoneHealth } from '@stormglass/contracts';
import { LinkConnection, type LinkRules } from '@stormglass/faults';

const TIMEOUT_MS = 250;
/** A timer that fires this late tells of an asker that got no processor, not of a zone that does not answer. */
const STARVED_MS = 150;
const PROBE_BYTES = 200;

/** `fit`: answers, has caught up, and its log confirms writes. `limited`: answers. `silent`: does not. */
export type ZoneFitness = 'fit' | 'limited' | 'silent';

/** What the answer of a zone makes of it. */
export function fitnessOf(answer: ZoneHealth | undefined): ZoneFitness {
  // A host whose certificates have ended, or seem to by its clock, has little to say that is worth hearing.
  const states = Object.values(answer?.certificates ?? {}).map(({ state }) => state);
  const isCertified = states.every(state => state === 'ok' || state === 'overdue');
  const takesWrites = (answer?.disk ?? 'ok') === 'ok';
  return answer?.status === 'ok' && answer.log !== 'no-quorum' && isCertified && takesWrites ? 'fit' : 'limited';
}

export interface ZoneHealthOptions {
  readonly zone: string;
  /** The place that asks: `clients` or a zone id. */
  readonly from: string;
  /** Between an answer and the next question. */
  readonly intervalMs: number;
  /** So many questions without an answer make a zone unhealthy. */
  readonly misses: number;
  readonly port: number;
  /** Where the zone is asked; this machine unless said otherwise. */
  readonly host?: string | undefined;
  readonly clock: Clock;
  readonly links: LinkRules;
  /** The zone has become better or worse. */
  readonly onChange: (condition: ZoneFitness) => void;
}

export class ZoneHealthProbe {
  readonly #options: ZoneHealthOptions;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 2 });
  #cancel: Cancel | undefined;
  #misses: number;
  #last: ZoneHealth | undefined;
  #closed = false;

  constructor(options: ZoneHealthOptions) {
    this.#options = options;
    this.#misses = options.misses;
    void this.#loop();
  }

  get healthy(): boolean {
    return this.#misses < this.#options.misses;
  }

  get fitness(): ZoneFitness {
    if (!this.healthy) return 'silent';
    return fitnessOf(this.#last);
  }

  /** Whether it says that all of its services answer, and have caught up. */
  get serves(): boolean {
    return this.report?.status === 'ok';
  }

  /** What the zone last said; undefined while it does not answer. */
  get report(): ZoneHealth | undefined {
    return this.healthy ? this.#last : undefined;
  }

  /** The zone's process is gone: no need to wait for misses. */
  down(): void {
    this.#count(undefined, this.#options.misses);
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
    this.#agent.destroy();
  }

  async #loop(): Promise<void> {
    while (!this.#closed) {
      const answer = await this.#ask();
      if (answer !== 'unknown') this.#count(answer, 1);
      await new Promise<void>(resolve => {
        this.#cancel = this.#options.clock.after(this.#options.intervalMs, resolve);
      });
    }
  }

  #count(answer: ZoneHealth | undefined, misses: number): void {
    const was = this.fitness;
    this.#last = answer ?? this.#last;
    this.#misses = answer === undefined ? Math.min(this.#options.misses, this.#misses + misses) : 0;
    if (was !== this.fitness) this.#options.onChange(this.fitness);
  }

  /** One question and its answer, each subject to the faults of its direction. */
  #ask(): Promise<ZoneHealth | undefined | 'unknown'> {
    const { clock, links, zone, from, port, host = '127.0.0.1' } = this.#options;
    return new Promise(resolve => {
      const settle = (answer: ZoneHealth | undefined | 'unknown') => {
        cancel();
        link.close();
        call?.destroy();
        resolve(answer);
      };
      const askedAt = clock.monotonic();
      const cancel = clock.after(TIMEOUT_MS, () => {
        const starved = clock.monotonic() - askedAt > TIMEOUT_MS + STARVED_MS;
        settle(starved ? 'unknown' : undefined);
      });
      const onReset = () => settle(undefined);
      const link = new LinkConnection({ rules: links, clock, from, to: zone, onReset });
      let call: ReturnType<typeof get> | undefined;
      link.there.send(PROBE_BYTES, () => {
        call = get({ host, port, path: '/_stormglass/health', agent: this.#agent }, response => {
          const chunks: Buffer[] = [];
          response.on('data', chunk => chunks.push(chunk));
          response.on('end', () => link.back.send(PROBE_BYTES, () => settle(parse(Buffer.concat(chunks)))));
        });
        call.on('error', () => settle(undefined));
      });
    });
  }
}

function parse(body: Buffer): ZoneHealth | undefined {
  try {
    return JSON.parse(body.toString()) as ZoneHealth;
  } catch {
    return undefined;
  }
}
