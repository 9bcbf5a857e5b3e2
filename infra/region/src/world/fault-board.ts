/**
 * What is broken at the moment, and by whom it will be mended: faults on links, in hosts, and zones taken away. Faults
 * with a duration end by themselves.
 */
import { type Cancel, type Clock, defined, hexId, type Random } from '@stormglass/base';
import { type FaultRequest, type FaultStatus, WorldError, ZONE_OUTAGES, type ZoneOutage } from '@stormglass/contracts';
import {
  FaultSettingsError,
  HOST_FAULTS,
  type HostFaultKind,
  type HostFaultSettings,
  LINK_FAULTS,
  type LinkRules,
  parseHostFault,
  parseLinkRule,
} from '@stormglass/faults';

/** Powers a zone off and on, freezes and thaws it. */
export interface ZonePower {
  powerOff(): void;
  powerOn(): void;
  freeze(): void;
  thaw(): void;
}

/** What a switch is told of a fault of `HOST_FAULTS`. */
export interface SwitchedFault {
  readonly id: string;
  /** Empty for what is done to a whole region. */
  readonly zone: string;
  /** Empty for what is done to every region, or to one zone. */
  readonly region: string;
  readonly settings: HostFaultSettings;
}

/** Turns such a fault on and off. */
export type FaultSwitch = (isOn: boolean, fault: SwitchedFault) => void;

export interface FaultBoardOptions {
  readonly zones: ReadonlyMap<string, ZonePower>;
  /** Every place a link can end at. */
  readonly places: readonly string[];
  /** How rules name all places of a region, by its name: a link fault may name it, and a fault of a whole region. */
  readonly regions?: ReadonlyMap<string, string>;
  readonly links: LinkRules;
  /** How each kind of host fault is brought about. */
  readonly switches: Readonly<Record<string, FaultSwitch>>;
  readonly clock: Clock;
  readonly random: Random;
}

interface Posted {
  readonly status: FaultStatus;
  readonly mend: () => void;
  readonly cancel: Cancel;
}

const DURATION_MS_MAX = 24 * 3_600_000;
const FAULTS_MAX = 256;

export class FaultBoard {
  readonly #options: FaultBoardOptions;
  readonly #posted = new Map<string, Posted>();

  constructor(options: FaultBoardOptions) {
    this.#options = options;
  }

  list(): readonly FaultStatus[] {
    return [...this.#posted.values()].map(p => p.status);
  }

  outagesOf(zone: string): readonly ZoneOutage[] {
    return this.list().flatMap(f => (f.zone === zone && isOutage(f.fault) ? [f.fault] : []));
  }

  /** @throws WorldError when the request makes no sense */
  add(request: FaultRequest): FaultStatus {
    const { fault, durationMs } = request;
    if (durationMs !== undefined && !(durationMs > 0 && durationMs <= DURATION_MS_MAX)) {
      throw new WorldError(`durationMs must be from 1 to ${DURATION_MS_MAX}`);
    }
    const isOfRegion = (HOST_FAULTS.get(fault)?.place ?? 'zone') !== 'zone' && (request.zone ?? '') === '';
    if (request.region !== undefined && !isOfRegion)
      throw new WorldError(`${fault} is not done to a whole region here; name a zone, or the ends of a link`);
    if (this.#posted.size >= FAULTS_MAX) throw new WorldError(`${FAULTS_MAX} faults are in force; clear some first`);
    if (isOutage(fault)) return this.#addOutage(fault, request);
    if (LINK_FAULTS.has(fault)) return this.#addLinkFault(request);
    const kind = HOST_FAULTS.get(fault);
    if (kind !== undefined) return this.#addHostFault(kind, request);
    const known = [...ZONE_OUTAGES, ...LINK_FAULTS.keys(), ...HOST_FAULTS.keys()];
    throw new WorldError(`unknown fault ${fault}; known are ${known.join(', ')}`);
  }

  /** Mends one fault, or all; tells how many there were. */
  clear(id?: string): number {
    const ids = id === undefined ? [...this.#posted.keys()] : [id];
    return ids.filter(each => this.#mend(each)).length;
  }

  /** Mends every outage of a zone. */
  enable(zone: string): void {
    this.#zone(zone);
    for (const { status } of [...this.#posted.values()]) {
      if (status.zone === zone && isOutage(status.fault)) this.#mend(status.id);
    }
  }

  close(): void {
    for (const { cancel } of this.#posted.values()) cancel();
    this.#posted.clear();
  }

  #addOutage(fault: ZoneOutage, request: FaultRequest): FaultStatus {
    const { zone } = request;
    if (zone === undefined) throw new WorldError(`${fault} needs a zone: one of ${this.#zoneIds()}`);
    const power = this.#zone(zone);
    const already = this.list().find(f => f.zone === zone && f.fault === fault);
    if (already !== undefined) return already;
    const id = this.#newId();
    const { links } = this.#options;
    switch (fault) {
      case 'power-off':
        power.powerOff();
        return this.#post(id, { fault, zone }, request, () => power.powerOn());
      case 'freeze':
        power.freeze();
        return this.#post(id, { fault, zone }, request, () => power.thaw());
      case 'cut-off':
        links.add(parseLinkRule(id, { fault: 'partition', from: zone, to: '*' }, this.#options.places));
        return this.#post(id, { fault, zone }, request, () => void links.remove(id));
    }
  }

  #addHostFault(kind: HostFaultKind, request: FaultRequest): FaultStatus {
    const { name, place, isRepeatable } = kind;
    const { zone = '', region = '', durationMs, seed } = request;
    if (place === 'zone' || (place === 'either' && zone !== '')) this.#zone(zone);
    else if (zone !== '') throw new WorldError(`${name} is done to the whole region`);
    else if (region !== '') this.#checkRegion(region);
    const where = zone !== '' ? { zone } : region !== '' ? { region } : {};
    const settings = explained(() =>
      parseHostFault(kind, request.settings ?? {}, { ...defined({ zone: where.zone, durationMs, seed }) }),
    );
    const isThere = ({ fault, ...at }: FaultStatus) => fault === name && at.zone === where.zone && overlap(at, where);
    if (!isRepeatable && this.list().some(isThere)) {
      throw new WorldError(`${name} is in force${placeText(where)} already`);
    }
    const turn = this.#options.switches[name];
    if (turn === undefined) throw new WorldError(`${name} cannot be done here`);
    const fault = { id: this.#newId(), zone, region: where.region ?? '', settings };
    turn(true, fault);
    return this.#post(fault.id, { fault: name, ...where }, { ...request, settings }, () => turn(false, fault));
  }

  #addLinkFault(request: FaultRequest): FaultStatus {
    const { links, places, regions = new Map<string, string>() } = this.#options;
    const id = this.#newId();
    const from = request.from ?? request.zone;
    const wanted = { ...request, ...(from === undefined ? {} : { from }) };
    const rule = explained(() => parseLinkRule(id, wanted, [...places, ...regions.keys()]));
    const selector = (place: string) => regions.get(place) ?? place;
    links.add({ ...rule, from: selector(rule.from), to: selector(rule.to) });
    const what = { fault: rule.fault, from: rule.from, to: rule.to };
    return this.#post(id, what, { ...request, settings: rule.settings }, () => void links.remove(id));
  }

  #post(
    id: string,
    what: Pick<FaultStatus, 'fault' | 'zone' | 'region' | 'from' | 'to'>,
    request: FaultRequest,
    mend: () => void,
  ): FaultStatus {
    const { clock } = this.#options;
    const { durationMs, settings = {} } = request;
    const ends = durationMs === undefined ? {} : { endsAt: clock.now() + durationMs };
    const status: FaultStatus = { id, ...what, settings, ...ends };
    const cancel = durationMs === undefined ? () => {} : clock.after(durationMs, () => this.#mend(id));
    this.#posted.set(id, { status, mend, cancel });
    return status;
  }

  #mend(id: string): boolean {
    const posted = this.#posted.get(id);
    if (posted === undefined) return false;
    this.#posted.delete(id);
    posted.cancel();
    posted.mend();
    return true;
  }

  #zone(zone: string): ZonePower {
    const power = this.#options.zones.get(zone);
    if (power === undefined) throw new WorldError(`unknown zone ${zone}; known are ${this.#zoneIds()}`);
    return power;
  }

  #checkRegion(region: string): void {
    const known = [...(this.#options.regions?.keys() ?? [])];
    if (!known.includes(region)) throw new WorldError(`unknown region ${region}; known are ${known.join(', ')}`);
  }

  #zoneIds(): string {
    return [...this.#options.zones.keys()].join(', ');
  }

  #newId(): string {
    return `fault-${hexId(this.#options.random, 4)}`;
  }
}

/** What is done to every region is done to each. */
const overlap = (a: { region?: string }, b: { region?: string }): boolean =>
  a.region === undefined || b.region === undefined || a.region === b.region;

const placeText = ({ zone, region }: { zone?: string; region?: string }): string =>
  (zone ?? region) === undefined ? '' : ` in ${zone ?? region}`;

/** Settings that make no sense are the caller's to mend. */
function explained<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof FaultSettingsError) throw new WorldError(error.message, { cause: error });
    throw error;
  }
}

const isOutage = (fault: string): fault is ZoneOutage => (ZONE_OUTAGES as readonly string[]).includes(fault);
