/**
 * How a client finds the region by name: asks resolvers in its own order, uses an answer as long as its TTL says, and
 * connects to the addresses in the order they came in, as clients with several addresses do.
 */
import { Resolver } from 'node:dns/promises';
import { Agent } from 'node:http';
import type { LookupFunction } from 'node:net';

interface Remembered {
  readonly addresses: readonly string[];
  readonly until: number;
}

export class NameClient {
  /** Questions that were put to resolvers. */
  asked = 0;
  /** Names looked up for a new connection. */
  lookups = 0;
  readonly #resolver: Resolver;
  readonly #remembered = new Map<string, Remembered>();

  /** `servers`: `address:port` of resolvers, the preferred one first. */
  constructor(servers: readonly string[]) {
    this.#resolver = new Resolver({ timeout: 250, tries: 3 });
    this.#resolver.setServers(servers);
  }

  /** An agent whose connections go where the names lead. */
  agent(keepAlive: boolean): Agent {
    const lookup: LookupFunction = (name, options, done) => {
      this.lookups++;
      this.addresses(name).then(
        addresses => {
          if (options.all) {
            done(
              null,
              addresses.map(address => ({ address, family: 4 })),
            );
          } else done(null, addresses[0]!, 4);
        },
        (error: NodeJS.ErrnoException) => done(error, []),
      );
    };
    return new Agent({ keepAlive, lookup });
  }

  /** @throws Error with the code of `node:dns` when no resolver has an answer */
  async addresses(name: string): Promise<readonly string[]> {
    const remembered = this.#remembered.get(name);
    if (remembered !== undefined && performance.now() < remembered.until) return remembered.addresses;
    this.asked++;
    const answer = await this.#resolver.resolve4(name, { ttl: true });
    const addresses = answer.map(({ address }) => address);
    const ttlMs = 1000 * Math.min(...answer.map(({ ttl }) => ttl));
    this.#remembered.set(name, { addresses, until: performance.now() + ttlMs });
    return addresses;
  }
}
