/**
 * A resolver behind the link between its zone and the clients: who cannot reach the zone cannot ask it for names either.
 * Questions from inside the zone (`resolve`) do not take that link.
 */
import type { Clock } from '@stormglass/base';
import { type DnsTransport, Resolver, type ResolverOptions } from '@stormglass/dns';
import { LinkConnection, type LinkRules } from '@stormglass/faults';

const CLIENTS = 'clients';
/** A datagram is lost when it takes longer than anybody waits for it. */
const LOST_MS = 5000;
/** Queries on a faulty link at a time; more are lost. */
const UNDER_WAY_MAX = 1024;

type Answer = Buffer | undefined;

export interface LinkedResolverOptions extends ResolverOptions {
  readonly links: LinkRules;
}

export class LinkedResolver extends Resolver {
  readonly #zone: string;
  readonly #links: LinkRules;
  readonly #clock: Clock;
  #underWay = 0;

  constructor(options: LinkedResolverOptions) {
    super(options);
    this.#zone = options.asked.zone;
    this.#links = options.links;
    this.#clock = options.clock;
  }

  override handle(
    packet: Buffer,
    from: { readonly address: string; readonly transport: DnsTransport },
  ): Promise<Answer> | Answer {
    if (!this.#links.touches(CLIENTS, this.#zone)) return super.handle(packet, from);
    if (this.#underWay === UNDER_WAY_MAX) return undefined;
    this.#underWay++;
    const kept = Buffer.from(packet);
    return this.#carry(kept.length, from.transport, () => super.handle(kept, from)).finally(() => this.#underWay--);
  }

  /** A question and its answer, each subject to the faults of its direction. */
  #carry(byteCount: number, transport: DnsTransport, ask: () => Promise<Answer> | Answer): Promise<Answer> {
    return new Promise(resolve => {
      const settle = (answer?: Buffer) => {
        cancel();
        link.close();
        resolve(answer);
      };
      const cancel = this.#clock.after(LOST_MS, () => settle());
      const link = new LinkConnection({
        ...{ rules: this.#links, clock: this.#clock, from: CLIENTS, to: this.#zone },
        medium: transport === 'udp' ? 'datagrams' : 'stream',
        onReset: () => settle(),
      });
      link.there.send(byteCount, async () => {
        const answer = await ask();
        if (answer === undefined) settle();
        else link.back.send(answer.length, () => settle(answer));
      });
    });
  }
}
