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
  /** How the zone itself is; without it the zone is asked like the others. */
  readonly ownHealth: (() => ZoneHealth) | undefined;
  /** Where the zones that are asked listen for clients, by id. */
  readonly asked: Readonly<Record<string, { readonly port: number; readonly host?: string | undefined }>>;
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
    const { zone: from, asked, links, clock, onChange } = options;
    this.#options = options;
    const probe = (zone: string, where: { port: number; host?: string | undefined }) =>
      new ZoneHealthProbe({
        ...{ zone, ...where, from, links, clock, ...PROBES },
        onChange: fitness => onChange(zone, fitness),
      });
    this.#probes = new Map(Object.entries(asked).map(([zone, where]) => [zone, probe(zone, where)]));
  }

  /** A zone that is not watched is taken for silent. */
  fitnessOf(zone: string): ZoneFitness {
    const { ownHealth } = this.#options;
    if (zone === this.#options.zone && ownHealth !== undefined) return fitnessOf(ownHealth());
    return this.#probes.get(zone)?.fitness ?? 'silent';
  }

  close(): void {
    for (const probe of this.#probes.values()) probe.close();
  }
}
