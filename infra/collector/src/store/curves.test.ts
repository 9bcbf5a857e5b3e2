import { describe, expect, it } from 'vitest';
import { receivedPoints } from '../otlp/received-points.ts';
import { BEGAN_MS, metricsRequest, type SentPoint } from '../testing/otlp-requests.ts';
import { levelOf, quantileOf, rateOf } from './curves.ts';
import { dashboards } from './dashboards.ts';
import { MetricStore } from './metric-store.ts';

/** One moment each second. */
const GRID = { fromMs: BEGAN_MS, stepMs: 1000, count: 8 };

/** Each list is what one message brings. */
function storeOf(...messages: readonly (readonly SentPoint[])[]): MetricStore {
  const store = new MetricStore();
  for (const points of messages) store.add(receivedPoints(metricsRequest(...points)));
  return store;
}

const counter = (at: number, value: number, more: Partial<SentPoint> = {}): SentPoint => ({
  ...{ metric: 'c', kind: 'counter', at: at * 1000, value },
  ...more,
});

const rates = (store: MetricStore) => rateOf(store.of('c')[0]!, GRID);

describe('the rate of a counter', () => {
  it('is its growth between two messages, and unknown before the first and after the last', () => {
    const store = storeOf([counter(2, 0, { start: 1000 })], [counter(4, 10)], [counter(6, 10)]);
    expect(rates(store)).toEqual([null, 0, 5, 5, 0, 0, null, null]);
  });

  it('counts what a series has when it shows up, from when its sender was heard of last', () => {
    const store = storeOf(
      [counter(2, 1, { attributes: { code: 'ok' } })],
      [counter(4, 6, { attributes: { code: 'bad' } })],
    );
    const bad = store.of('c').find(series => series.attributes.code === 'bad');
    expect(rateOf(bad!, GRID)).toEqual([null, null, 3, 3, null, null, null, null]);
  });

  it('has a gap where its process was gone, and begins anew', () => {
    const store = storeOf([counter(1, 4)], [counter(2, 8)], [counter(6, 3, { start: 5000 })]);
    expect(rates(store)).toEqual([4, 4, null, null, null, 3, null, null]);
  });

  it('adds up deltas', () => {
    const store = storeOf([counter(1, 2, { isDelta: true })], [counter(2, 3, { isDelta: true })]);
    expect(rates(store).slice(0, 3)).toEqual([2, 3, null]);
  });

  it('is unknown over a silence much longer than usual', () => {
    const store = storeOf([counter(1, 4)], [counter(2, 8)], [counter(7, 9)]);
    expect(rates(store)).toEqual([4, 4, null, null, null, null, null, null]);
  });

  it('ignores what arrives twice, or late', () => {
    const store = storeOf([counter(2, 4)], [counter(2, 4)], [counter(1, 1)], [counter(3, 6)]);
    expect(rates(store).slice(0, 4)).toEqual([2, 2, 2, null]);
  });
});

describe('the level of a gauge', () => {
  it('holds between messages, and ends when its sender falls silent', () => {
    const at = (second: number, value: number): SentPoint => ({ metric: 'g', kind: 'gauge', at: second * 1000, value });
    const store = storeOf([at(1, 5)], [at(2, 7)]);
    expect(levelOf(store.of('g')[0]!, GRID)).toEqual([5, 7, 7, 7, 7, null, null, null]);
  });
});

describe('quantiles', () => {
  const histogram = (at: number, buckets: number[], zone: string): SentPoint => ({
    ...{ metric: 'h', kind: 'histogram', at: at * 1000, value: buckets.reduce((a, b) => a + b), buckets, zone },
    bounds: [1, 2, 4],
  });

  it('lie within the bucket, over all series', () => {
    const store = storeOf(
      [histogram(1, [0, 0, 0, 0], 'a'), histogram(1, [0, 0, 0, 0], 'b')],
      [histogram(2, [10, 0, 0, 0], 'a'), histogram(2, [0, 0, 10, 0], 'b')],
    );
    expect(quantileOf(store.of('h'), 0.25, GRID)[1]).toBeCloseTo(0.5);
    expect(quantileOf(store.of('h'), 0.75, GRID)[1]).toBeCloseTo(3);
    expect(quantileOf(store.of('h'), 0.5, GRID)[5]).toBeNull();
  });

  it('stop where the last bucket begins', () => {
    const store = storeOf([histogram(1, [0, 0, 0, 0], 'a')], [histogram(2, [0, 0, 0, 4], 'a')]);
    expect(quantileOf(store.of('h'), 0.99, GRID)[1]).toBe(4);
  });
});

describe('dashboards', () => {
  const chart = (store: MetricStore, id: string) =>
    Object.fromEntries(
      dashboards(store, GRID)
        .charts.find(each => each.id === id)!
        .lines.map(line => [line.name, line.values[1]]),
    );

  it('show how many calls are attempts at an earlier one', () => {
    const attempt = (at: number, value: number, number: string): SentPoint => ({
      ...{ metric: 'stormglass.call.attempts', kind: 'counter', at: at * 1000, value },
      attributes: { 'stormglass.attempt': number },
    });
    const store = storeOf(
      [attempt(1, 0, '1'), attempt(1, 0, '2'), attempt(1, 0, '3')],
      [attempt(2, 4, '1'), attempt(2, 4, '2'), attempt(2, 2, '3')],
    );
    expect(chart(store, 'attempts')).toEqual({ 'attempt 1': 4, 'attempt 2': 4, 'attempt 3': 2 });
    expect(chart(store, 'amplification')).toEqual({ 'attempts for each first attempt': 2.5 });
  });

  it('show the worst of each zone’s logs', () => {
    const log = (metric: string, name: string, zone: string, value: number): SentPoint => ({
      ...{ metric, kind: 'gauge', at: 1000, value, zone },
      attributes: { 'stormglass.log.name': name },
    });
    const store = storeOf([
      log('stormglass.log.health', 'iam', 'a', 0),
      log('stormglass.log.health', 'acme', 'a', 2),
      log('stormglass.log.health', 'iam', 'b', 1),
    ]);
    expect(chart(store, 'log-state')).toEqual({ a: 2, b: 1 });
  });
});
