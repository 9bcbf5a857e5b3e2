/** What an operator has set in the zones of a region; it lasts as long as the world that was told. */
import { GLOBAL_STS_MODES, type GlobalStsMode, type HostSettings, WorldError } from '@stormglass/contracts';

export class ZoneSettings {
  readonly #zones: Map<string, HostSettings>;

  constructor(zones: readonly string[], globalSts: GlobalStsMode) {
    this.#zones = new Map(zones.map(zone => [zone, { globalSts }]));
  }

  of(zone: string): HostSettings {
    return this.#zones.get(zone)!;
  }

  /**
   * Sets who answers the global endpoint of STS to those who ask the resolver of a zone, or of any zone.
   * @returns the zones it changed
   * @throws WorldError when there is no such zone or mode
   */
  setGlobalSts(mode: GlobalStsMode, zone?: string): readonly string[] {
    if (!GLOBAL_STS_MODES.includes(mode))
      throw new WorldError(`the mode must be one of ${GLOBAL_STS_MODES.join(', ')}`);
    if (zone !== undefined && !this.#zones.has(zone)) throw new WorldError(`unknown zone ${zone}`);
    const changed = [...this.#zones.keys()].filter(id => zone === undefined || id === zone);
    for (const id of changed) this.#zones.set(id, { globalSts: mode });
    return changed;
  }
}
