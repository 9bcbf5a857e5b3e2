/**
 * What a region's metrics say about it, as curves to be plotted: the numbers that tell the story of a zone loss or of
 * a retry storm. Names of metrics are those of `service-kit`.
 */
import { zoneOf } from '../otlp/span.ts';
import { type Curve, type Grid, levelOf, momentsOf, quantileOf, rateOf, together } from './curves.ts';
import type { MetricStore, Series } from './metric-store.ts';

export interface Line {
  readonly name: string;
  /** One value for each moment; null where nothing is known. */
  readonly values: Curve;
}

export interface Chart {
  readonly id: string;
  readonly title: string;
  /** What one should look for. */
  readonly hint: string;
  readonly unit: string;
  readonly lines: readonly Line[];
}

export interface Dashboards {
  /** Milliseconds since the epoch. */
  readonly moments: readonly number[];
  readonly charts: readonly Chart[];
}

const CALLS = 'stormglass.call.duration';
const ATTEMPTS = 'stormglass.call.attempts';
const FIRST_ATTEMPT = '1';

export function dashboards(store: MetricStore, grid: Grid): Dashboards {
  const calls = store.of(CALLS);
  const attempts = store.of(ATTEMPTS);
  const refused = calls.filter(series => series.attributes['error.type'] !== undefined);
  const rates = (series: readonly Series[], by: (series: Series) => string) => linesBy(series, by, rateOf, grid);
  const levels = (metric: string) => linesBy(store.of(metric), zone, levelOf, grid);
  const charts: Chart[] = [
    {
      ...{ id: 'outcomes', title: 'Calls by outcome', unit: 'calls/s' },
      hint: '5xx are refusals while the log has no quorum; clients try those again.',
      lines: rates(calls, attribute('http.response.status_class')),
    },
    {
      ...{ id: 'zones', title: 'Calls by zone', unit: 'calls/s' },
      hint: 'When a zone goes, the others take its share.',
      lines: rates(calls, zone),
    },
    {
      ...{ id: 'latency', title: 'Latency', unit: 'ms' },
      hint: 'From the head of a request to its answer.',
      lines: [0.5, 0.99].map(share => ({
        name: `p${share * 100}`,
        values: quantileOf(calls, share, grid).map(s => (s === null ? null : s * 1000)),
      })),
    },
    {
      ...{ id: 'errors', title: 'Errors by code', unit: 'calls/s' },
      hint: 'What clients are told.',
      lines: rates(refused, attribute('error.type')),
    },
    {
      ...{ id: 'attempts', title: 'Attempts', unit: 'calls/s' },
      hint: 'Which attempt of its client a call was (amz-sdk-request).',
      lines: rates(attempts, ({ attributes }) => `attempt ${attributes['stormglass.attempt']}`),
    },
    {
      ...{ id: 'amplification', title: 'Calls for each call', unit: 'attempts' },
      hint: '1 when all is well; a retry storm is where this grows.',
      lines: [{ name: 'attempts for each first attempt', values: amplification(attempts, grid) }],
    },
    {
      ...{ id: 'log-state', title: 'State of the logs by zone', unit: 'state' },
      hint: '0: ok, 1: a copy is missing, 2: no quorum. The worst of the zone’s logs, as the zone sees it.',
      lines: linesBy(store.of('stormglass.log.health'), zone, levelOf, grid, worst),
    },
    {
      ...{ id: 'log-applied', title: 'Entries applied by zone', unit: 'entries/s' },
      hint: 'Equal while all is well; a zone that comes back catches up in one peak.',
      lines: rates(store.of('stormglass.log.applied'), zone),
    },
    {
      ...{ id: 'in-flight', title: 'Calls in progress', unit: 'calls' },
      hint: 'Admission refuses what is more than the host can take.',
      lines: levels('stormglass.call.in_flight'),
    },
    {
      ...{ id: 'refused', title: 'Refused at admission', unit: 'calls/s' },
      hint: 'Load that was shed before it cost anything.',
      lines: rates(store.of('stormglass.admission.refused'), zone),
    },
  ];
  return { moments: momentsOf(grid), charts };
}

const zone = (series: Series): string => zoneOf(series) || String(series.resource['service.name'] ?? '');

const attribute =
  (name: string) =>
  ({ attributes }: Series): string =>
    String(attributes[name] ?? 'other');

/** One line for each name, of all series that have it. */
function linesBy(
  series: readonly Series[],
  by: (series: Series) => string,
  curveOf: (series: Series, grid: Grid) => Curve,
  grid: Grid,
  join: (curves: readonly Curve[], grid: Grid) => Curve = together,
): Line[] {
  const groups = Map.groupBy(series, by);
  return [...groups]
    .map(([name, members]) => ({
      name,
      values: join(
        members.map(each => curveOf(each, grid)),
        grid,
      ),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const worst = (curves: readonly Curve[], grid: Grid): Curve =>
  momentsOf(grid).map((_, i) => {
    const known = curves.map(curve => curve[i] ?? null).filter(value => value !== null);
    return known.length === 0 ? null : Math.max(...known);
  });

function amplification(attempts: readonly Series[], grid: Grid): Curve {
  const isFirst = ({ attributes }: Series) => attributes['stormglass.attempt'] === FIRST_ATTEMPT;
  const all = together(
    attempts.map(series => rateOf(series, grid)),
    grid,
  );
  const first = together(
    attempts.filter(isFirst).map(series => rateOf(series, grid)),
    grid,
  );
  return all.map((rate, i) => (rate === null || !first[i] ? null : rate / first[i]));
}
