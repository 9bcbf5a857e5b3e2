/**
 * One colour for each zone, the same on every page: by the order of their names, chosen to be told apart by people who
 * do not see red and green, and to carry white text (contrast of 4.5 at least).
 */
import { type Span, zoneOf } from '../otlp/span.ts';

const ZONE_COLOURS = ['#1d4ed8', '#b45309', '#0f766e', '#7e22ce', '#be185d', '#4d7c0f'];
const OUTSIDE = '#52606d';

const OUTCOMES: Readonly<Record<string, string>> = {
  '2xx': '#0f766e',
  '3xx': '#1d4ed8',
  '4xx': '#b45309',
  '5xx': '#b91c1c',
};

export class Colours {
  readonly #zones: readonly string[];

  constructor(zones: Iterable<string>) {
    this.#zones = [...new Set(zones)].filter(zone => zone !== '').sort();
  }

  static of(spans: Iterable<Span>): Colours {
    const zones = new Set<string>();
    for (const span of spans) zones.add(zoneOf(span));
    return new Colours(zones);
  }

  get zones(): readonly string[] {
    return this.#zones;
  }

  ofZone(zone: string): string {
    const i = this.#zones.indexOf(zone);
    return i < 0 ? OUTSIDE : ZONE_COLOURS[i % ZONE_COLOURS.length]!;
  }

  /** Of a line in a chart: a zone's, an outcome's, or the next one. */
  ofLine(name: string, index: number): string {
    if (this.#zones.includes(name)) return this.ofZone(name);
    return OUTCOMES[name] ?? ZONE_COLOURS[index % ZONE_COLOURS.length]!;
  }
}
