/**
 * How the zones of the region look from one of them: asks the others for their health over the links from here, and
 * itself without a question. Two zones may see a third differently, as the links between them are.
 */
import type { Clock } from '@stormglass/base';
import type { ZoneHealth } from '@stormglass/contracts';
import type { LinkRules } from '@stormglass/faults';
import { fitnessOf, type ZoneFitness, ZoneHealthProbe } from '../zone-health.ts';

export interface ZoneWatchOptions {
  readonly zone: string;
  readonly ownHealth: () => ZoneHealth;
  /** Where the other zones listen for clients, by id. */
  readonly others: Readonly<Record<string, number>>;
  readonly links: LinkRules;
  readonly clock: Clock;
  /** Another zone has become better or worse. */
  readonly onChange: (zone: string, fitness: ZoneFitness) => void;
}

const PROBES = { intervalMs: 500, misses: 2 };

export class ZoneWatch {
  readonly #options: ZoneWatchOptions;
  readonly #probes: ReadonlyMap<string, ZoneHealthProbe>;

  constructor(options: ZoneWatchOptions) {
    const { zone: from, others, links, clock, onChange } = options;
    this.#options = options;
    const probe = (zone: string, port: number) =>
      new ZoneHealthProbe({
        ...{ zone, port, from, links, clock, ...PROBES },
        onChange: fitness => onChange(zone, fitness),
      });
    this.#probes = new Map(Object.entries(others).map(([zone, port]) => [zone, probe(zone, port)]));
  }

  /** A zone that is not watched is taken for silent. */
  fitnessOf(zone: string): ZoneFitness {
    if (zone === this.#options.zone) return fitnessOf(this.#options.ownHealth());
    return this.#probes.get(zone)?.fitness ?? 'silent';
  }

  close(): void {
    for (const probe of this.#probes.values()) probe.close();
  }
}
