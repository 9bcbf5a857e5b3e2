/**
 * Every address of a region that clients connect to: the region's own for all zones, one of each zone's own, where names
 * lead to, and one for each region that has a link to this one, where its names for this region lead to. A zone's address
 * refuses connections while the zone does not answer, so that clients with a list of addresses go on to the next one at
 * once.
 */
import type { Clock, Logger } from '@stormglass/base';
import type { LinkRules } from '@stormglass/faults';
import { FrontDoor, type Target } from './front-door.ts';
import { ZonalDoor } from './zonal-door.ts';

/** Where clients in another region find this one: what comes there takes the link between the two. */
export interface GatewayPlan {
  /** The place it stands at, in the other region. */
  readonly from: string;
  readonly address: string;
}

export interface DoorsOptions {
  readonly targets: readonly Target[];
  /** Addresses of the zones' own by zone id; a zone without one is reached through the region's door only. */
  readonly addresses: ReadonlyMap<string, string>;
  readonly gateways: readonly GatewayPlan[];
  readonly links: LinkRules;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class Doors {
  readonly #front: FrontDoor;
  readonly #zonal: readonly ZonalDoor[];
  #lastId = 0;
  #zonalPort = 0;

  constructor({ targets, addresses, gateways, links, clock, logger }: DoorsOptions) {
    const common = { links, clock, logger, nextId: () => ++this.#lastId };
    this.#front = new FrontDoor({ ...common, targets, of: 'region' });
    const zones = targets.flatMap(target => {
      const address = addresses.get(target.zone);
      if (address === undefined) return [];
      const door = new FrontDoor({ ...common, targets: [target], of: 'zone' });
      return [new ZonalDoor({ door, target, address, clock, logger })];
    });
    // A gateway is there whatever becomes of the zones behind it.
    const others = gateways.map(({ from, address }) => {
      const door = new FrontDoor({ ...common, targets, of: 'region', from });
      return new ZonalDoor({ door, target: { zone: from, healthy: true }, address, clock, logger });
    });
    this.#zonal = [...zones, ...others];
  }

  /**
   * Resolves to the port of the region's door when that listens. `zonalPort`: of all others, as far as they have one.
   * @throws Error (`EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`) when it cannot
   */
  async listen(where: { readonly port: number; readonly host: string; readonly zonalPort: number }): Promise<number> {
    const port = await this.#front.listen(where.port, where.host);
    this.#zonalPort = where.zonalPort;
    this.onHealth();
    return port;
  }

  /** To be called when a zone begins or ceases to answer. */
  onHealth(): void {
    if (this.#zonalPort !== 0) for (const door of this.#zonal) void door.follow(this.#zonalPort);
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
