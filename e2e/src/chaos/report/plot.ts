/**
 * A run as a picture: operations a second, how long they took, and how the zones were, over one axis of time with a band
 * for each fault. Plain SVG, drawn from the history alone.
 */
import { type Entry, faultSpans, type ZoneSample } from '../history.ts';
import { perSecond, type Second } from './series.ts';

const WIDTH = 960;
const LEFT = 64;
const RIGHT = 24;
const TITLE = 56;
const LABEL_LINE = 14;
const PANEL = { rate: 170, latency: 170, zone: 22, gap: 46 };

const COLOURS = { ok: '#2a78b5', failed: '#c62f2f', p50: '#3b8f4e', p99: '#b06a00', fault: '#d9480f', text: '#222' };
const STATES: Readonly<Record<ZoneSample['state'], { readonly colour: string; readonly say: string }>> = {
  well: { colour: '#7fbf8f', say: 'well' },
  degraded: { colour: '#f2c14e', say: 'log degraded' },
  'no-quorum': { colour: '#e8833a', say: 'no quorum' },
  out: { colour: '#8a8f98', say: 'out' },
};

/** The whole picture, as the text of an SVG file. */
export function plot(title: string, entries: readonly Entry[]): string {
  const seconds = perSecond(entries);
  const spans = faultSpans(entries);
  const zones = [...new Set(entries.flatMap(entry => (entry.type === 'zone' ? [entry.zone] : [])))];
  const lastMs = Math.max(1000, seconds.length * 1000, ...spans.map(({ until }) => until));
  const x = (ms: number) => LEFT + (ms / lastMs) * (WIDTH - LEFT - RIGHT);

  const rateTop = TITLE + spans.length * LABEL_LINE + 24;
  const latencyTop = rateTop + PANEL.rate + PANEL.gap;
  const zonesTop = latencyTop + PANEL.latency + PANEL.gap;
  const bottom = zonesTop + zones.length * PANEL.zone;
  const height = bottom + 56;

  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" ` +
      'font-family="system-ui, sans-serif" font-size="12">',
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    text(LEFT, 24, title, { 'font-size': 17, 'font-weight': 600 }),
    ...spans.map(({ what, from, until }, n) => {
      const y = TITLE + n * LABEL_LINE;
      const box = rectangle(x(from), y, x(until) - x(from), bottom - y, COLOURS.fault, 0.1);
      const isLate = x(from) > WIDTH / 2;
      const label = { fill: COLOURS.fault, 'text-anchor': isLate ? 'end' : 'start' };
      return box + text(isLate ? x(until) : x(from) + 3, y + 11, `${n + 1}: ${what}`, label);
    }),
    ...ratePanel(seconds, x, rateTop),
    ...latencyPanel(seconds, x, latencyTop),
    ...zonePanel(entries, zones, x, zonesTop, lastMs),
    ...timeAxis(x, lastMs, bottom),
    '</svg>\n',
  ];
  return parts.join('\n');
}

type ToX = (ms: number) => number;

function ratePanel(seconds: readonly Second[], x: ToX, top: number): string[] {
  const most = niceAbove(Math.max(1, ...seconds.map(({ ok, failed }) => ok + failed)));
  const y = (count: number) => top + PANEL.rate * (1 - count / most);
  const bar = (from: number, low: number, high: number, colour: string) =>
    rectangle(x(from) + 0.5, y(high), x(from + 1000) - x(from) - 1, y(low) - y(high), colour, 1);
  return [
    heading(top, 'Operations a second', [
      ['ok', COLOURS.ok],
      ['failed after all retries', COLOURS.failed],
    ]),
    ...[0, most / 2, most].map(count => gridLine(y(count), String(count))),
    ...seconds.flatMap(({ from, ok, failed }) => [
      ...(ok > 0 ? [bar(from, 0, ok, COLOURS.ok)] : []),
      ...(failed > 0 ? [bar(from, ok, ok + failed, COLOURS.failed)] : []),
    ]),
  ];
}

function latencyPanel(seconds: readonly Second[], x: ToX, top: number): string[] {
  const slowest = Math.max(10, ...seconds.map(({ p99Ms = 0 }) => p99Ms));
  const decades = Math.max(2, Math.ceil(Math.log10(slowest)));
  const y = (ms: number) => top + PANEL.latency * (1 - Math.log10(Math.max(1, ms)) / decades);
  const curve = (colour: string, of: (second: Second) => number | undefined) => {
    // A second without any success leaves a gap.
    let pen = 'M';
    const path = seconds.map(second => {
      const ms = of(second);
      const point = ms === undefined ? '' : `${pen}${round(x(second.from + 500))} ${round(y(ms))}`;
      pen = ms === undefined ? 'M' : 'L';
      return point;
    });
    return `<path d="${path.join('')}" fill="none" stroke="${colour}" stroke-width="1.8" stroke-linejoin="round"/>`;
  };
  return [
    heading(top, 'Latency of what succeeded, by the second of its end', [
      ['p50', COLOURS.p50],
      ['p99', COLOURS.p99],
    ]),
    ...Array.from({ length: decades + 1 }, (_, n) =>
      gridLine(y(10 ** n), n < 3 ? `${10 ** n} ms` : `${10 ** (n - 3)} s`),
    ),
    curve(COLOURS.p50, ({ p50Ms }) => p50Ms),
    curve(COLOURS.p99, ({ p99Ms }) => p99Ms),
  ];
}

function zonePanel(entries: readonly Entry[], zones: readonly string[], x: ToX, top: number, lastMs: number): string[] {
  const legend = Object.values(STATES).map(({ say, colour }) => [say, colour] as const);
  const rows = zones.flatMap((zone, n) => {
    const samples = entries.filter((entry): entry is ZoneSample => entry.type === 'zone' && entry.zone === zone);
    const y = top + n * PANEL.zone;
    const changes = samples.filter(({ state }, i) => state !== samples[i - 1]?.state);
    const boxes = changes.map(({ at, state }, i) => {
      const until = Math.min(lastMs, changes[i + 1]?.at ?? lastMs);
      return at >= lastMs ? '' : rectangle(x(at), y + 3, x(until) - x(at), PANEL.zone - 6, STATES[state].colour, 1);
    });
    return [text(LEFT - 6, y + 15, zone.replace(/^.*-/, ''), { 'text-anchor': 'end' }), ...boxes];
  });
  return [heading(top, 'Zones', legend), ...rows];
}

function timeAxis(x: ToX, lastMs: number, top: number): string[] {
  const stepS = [1, 2, 5, 10, 20, 30, 60, 120, 300].find(step => lastMs / 1000 / step <= 16) ?? 600;
  const ticks = Array.from({ length: Math.floor(lastMs / 1000 / stepS) + 1 }, (_, n) => n * stepS);
  return ticks.map(second => {
    const at = x(second * 1000);
    return line(at, top + 4, at, top + 9) + text(at, top + 23, `${second} s`, { 'text-anchor': 'middle' });
  });
}

function heading(top: number, say: string, legend: readonly (readonly [string, string])[]): string {
  let right = WIDTH - RIGHT;
  const keys = legend.toReversed().map(([name, colour]) => {
    right -= name.length * 6.4 + 26;
    return rectangle(right, top - 19, 10, 10, colour, 1) + text(right + 14, top - 10, name);
  });
  return text(LEFT, top - 10, say, { 'font-weight': 600 }) + keys.join('');
}

const gridLine = (y: number, label: string): string =>
  line(LEFT, y, WIDTH - RIGHT, y, '#ddd') + text(LEFT - 6, y + 4, label, { 'text-anchor': 'end' });

const line = (x1: number, y1: number, x2: number, y2: number, colour = '#888'): string =>
  `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${colour}"/>`;

const rectangle = (x: number, y: number, width: number, height: number, colour: string, opacity: number): string =>
  `<rect x="${round(x)}" y="${round(y)}" width="${round(Math.max(0, width))}" height="${round(Math.max(0, height))}" ` +
  `fill="${colour}"${opacity === 1 ? '' : ` fill-opacity="${opacity}"`}/>`;

function text(x: number, y: number, say: string, attributes: Readonly<Record<string, string | number>> = {}): string {
  const all = { fill: COLOURS.text, ...attributes };
  const written = Object.entries(all).map(([name, value]) => ` ${name}="${value}"`);
  return `<text x="${round(x)}" y="${round(y)}"${written.join('')}>${escaped(say)}</text>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** The next number that is round, and half of which is whole. */
function niceAbove(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value));
  const candidates = [1, 1.2, 1.6, 2, 3, 4, 6, 8, 10, 20].map(n => Math.round(n * decade));
  return candidates.find(nice => nice >= value && nice % 2 === 0) ?? 2;
}

const escaped = (say: string): string => say.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
