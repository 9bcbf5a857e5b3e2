/**
 * What a hosted zone says of a name: records of the name, of a wildcard (RFC 4592), or of a zone cut above it; aliases
 * replaced by what they stand for. Answers from the zone's own copy of the state, whatever the log does.
 */
import type { Random } from '@stormglass/base';
import type { Asked, ResourceRecord } from '@stormglass/dns';
import { anyHealthy, type ChoiceContext, choose, sample } from './choose.ts';
import { bareName, parentOf, WILDCARD } from './names.ts';
import { parseValue } from './record-values.ts';
import type { AliasTarget, HostedZone, RecordSet } from './records.ts';
import type { HostedZonesView } from './view.ts';

/** One record of an answer, as text and as dns-packet has it. */
export interface AnswerRecord extends ResourceRecord {
  readonly text: string;
}

export type ZoneAnswer =
  | { readonly kind: 'answer' | 'delegation'; readonly records: readonly AnswerRecord[] }
  | { readonly kind: 'no-data' | 'no-such-name' };

/** What an alias to an endpoint of the region stands for; undefined or empty when there is no such name. */
export type Endpoints = (name: string, type: string, asked: Asked) => readonly ResourceRecord[] | undefined;

export interface LookupOptions {
  readonly view: HostedZonesView;
  readonly isHealthy: (healthCheckId: string) => boolean;
  readonly random: Random;
  readonly endpoints?: Endpoints | undefined;
}

/** Aliases may stand for aliases, up to this many. */
const ALIAS_DEPTH_MAX = 8;
/** In seconds: how long an answer made from an endpoint of the region holds. */
const ENDPOINT_TTL = 60;

export class ZoneLookup {
  readonly #options: LookupOptions;
  readonly #parsed = new WeakMap<RecordSet, readonly unknown[]>();

  constructor(options: LookupOptions) {
    this.#options = options;
  }

  /** `name` is in the form in which names are kept, and lies within the zone. */
  lookup(zone: HostedZone, name: string, type: string, asked: Asked): ZoneAnswer {
    const cut = this.#zoneCut(zone, name, type);
    if (cut !== undefined)
      return { kind: 'delegation', records: this.#records(zone, cut, bareName(cut[0]!.name), asked, 0) };
    const source = this.#source(zone, name);
    if (source === undefined) return { kind: 'no-such-name' };
    const { view } = this.#options;
    const ofType = view.recordSetsAt(zone.id, source, type);
    const sets = ofType.length > 0 || type === 'CNAME' ? ofType : view.recordSetsAt(zone.id, source, 'CNAME');
    const records = this.#records(zone, sets, bareName(name), asked, 0);
    return records.length === 0 ? { kind: 'no-data' } : { kind: 'answer', records };
  }

  /** The NS records of the highest zone cut at or above a name. A parent answers for the DS records of its children. */
  #zoneCut(zone: HostedZone, name: string, type: string): readonly RecordSet[] | undefined {
    const path: string[] = [];
    for (let at: string | undefined = name; at !== undefined && at !== zone.name; at = parentOf(at)) path.push(at);
    for (const at of path.reverse()) {
      if (at === name && type === 'DS') return undefined;
      const cut = this.#options.view.recordSetsAt(zone.id, at, 'NS');
      if (cut.length > 0) return cut;
    }
    return undefined;
  }

  /** The name whose records answer: the name itself, or the wildcard of its closest encloser; undefined if neither is. */
  #source(zone: HostedZone, name: string): string | undefined {
    const { view } = this.#options;
    if (view.nameExists(zone.id, name)) return name;
    let encloser = parentOf(name);
    while (encloser !== undefined && encloser !== zone.name && !view.nameExists(zone.id, encloser))
      encloser = parentOf(encloser);
    const wildcard = `${WILDCARD}.${encloser ?? zone.name}`;
    return view.recordSetsAt(zone.id, wildcard).length > 0 ? wildcard : undefined;
  }

  #records(
    zone: HostedZone,
    sets: readonly RecordSet[],
    owner: string,
    asked: Asked,
    depth: number,
  ): readonly AnswerRecord[] {
    const { random } = this.#options;
    const isHealthy = (set: RecordSet) => this.#isHealthy(zone, set, asked, depth);
    const context: ChoiceContext = { isHealthy, region: asked.region, random };
    // Values go out in random order, so that clients spread; endpoints of the region come in an order that means something.
    return choose(sets, context).flatMap(set =>
      set.alias === undefined
        ? sample(this.#ownRecords(set, owner), Number.POSITIVE_INFINITY, random)
        : this.#aliased(zone, set.alias, set.type, owner, asked, depth + 1),
    );
  }

  #ownRecords(set: RecordSet, owner: string): readonly AnswerRecord[] {
    const { type, ttl = 0, values = [] } = set;
    let parsed = this.#parsed.get(set);
    if (parsed === undefined) this.#parsed.set(set, (parsed = values.map(value => parseValue(type, value))));
    return values.map((text, i) => ({ name: owner, type, ttl, data: parsed[i], text }));
  }

  #aliased(
    zone: HostedZone,
    alias: AliasTarget,
    type: string,
    owner: string,
    asked: Asked,
    depth: number,
  ): readonly AnswerRecord[] {
    if (depth > ALIAS_DEPTH_MAX) return [];
    if (alias.zoneId === zone.id)
      return this.#records(zone, this.#options.view.recordSetsAt(zone.id, alias.name, type), owner, asked, depth);
    return this.#endpoint(alias, type, asked).map(record => ({
      ...{ name: owner, type, ttl: Math.min(record.ttl, ENDPOINT_TTL), data: record.data },
      text: String(record.data),
    }));
  }

  #endpoint(alias: AliasTarget, type: string, asked: Asked): readonly ResourceRecord[] {
    const found = this.#options.endpoints?.(bareName(alias.name), type, asked) ?? [];
    return found.filter(record => record.type === type);
  }

  /** Health of a record set: its health check's, and with EvaluateTargetHealth that of what it stands for. */
  #isHealthy(zone: HostedZone, set: RecordSet, asked: Asked, depth: number): boolean {
    const { alias, healthCheckId, type } = set;
    if (healthCheckId !== undefined && !this.#options.isHealthy(healthCheckId)) return false;
    if (alias?.evaluateTargetHealth !== true) return true;
    if (depth >= ALIAS_DEPTH_MAX) return false;
    if (alias.zoneId !== zone.id) return this.#endpoint(alias, type, asked).length > 0;
    const targets = this.#options.view.recordSetsAt(zone.id, alias.name, type);
    return anyHealthy(targets, target => this.#isHealthy(zone, target, asked, depth + 1));
  }
}
