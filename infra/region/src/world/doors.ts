/**
 * Every address of a region that clients connect to: the region's own for all zones, and one of each zone's own, on the
 * same port, where names lead to. A zone's address refuses connections while the zone does not answer, so that clients
 * with a list of addresses go on to the next one at once.
 */
import type { Clock, Logger } from '@stormglass/base';
import type { LinkRules } from '@stormglass/faults';
import { FrontDoor, type Target } from './front-door.ts';
import { ZonalDoor } from './zonal-door.ts';

export interface DoorsOptions {
  readonly targets: readonly Target[];
  /** Addresses of the zones' own by zone id; a zone without one is reached through the region's door only. */
  readonly addresses: ReadonlyMap<string, string>;
  readonly links: LinkRules;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class Doors {
  readonly #front: FrontDoor;
  readonly #zonal: readonly ZonalDoor[];
  #lastId = 0;
  #port = 0;

  constructor({ targets, addresses, links, clock, logger }: DoorsOptions) {
    const common = { links, clock, logger, nextId: () => ++this.#lastId };
    this.#front = new FrontDoor({ ...common, targets, of: 'region' });
    this.#zonal = targets.flatMap(target => {
      const address = addresses.get(target.zone);
      if (address === undefined) return [];
      const door = new FrontDoor({ ...common, targets: [target], of: 'zone' });
      return [new ZonalDoor({ door, target, address, clock, logger })];
    });
  }

  /**
   * Resolves to the port of all doors when the region's listens.
   * @throws Error (`EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`) when it cannot
   */
  async listen(port: number, host: string): Promise<number> {
    this.#port = await this.#front.listen(port, host);
    this.onHealth();
    return this.#port;
  }

  /** To be called when a zone begins or ceases to answer. */
  onHealth(): void {
    if (this.#port !== 0) for (const door of this.#zonal) void door.follow(this.#port);
  }

  connectionsOf(zone: string): number {
    return this.#all().reduce((sum, door) => sum + door.connectionsOf(zone), 0);
  }

  /** The zone says that a connection it was given has ended. */
  onClosed(id: number): void {
    for (const door of this.#all()) door.onClosed(id);
  }

  /** Ends every connection to a zone, so that its clients turn to another one. */
  endAll(zone: string): void {
    for (const door of this.#all()) door.endAll(zone);
  }

  /** Takes no more connections and ends those there are. */
  close(): void {
    for (const door of this.#zonal) door.close();
    this.#front.close();
  }

  #all(): readonly FrontDoor[] {
    return [this.#front, ...this.#zonal.map(({ door }) => door)];
  }
}
