import { describe, expect, it } from 'vitest';
import { receivedSpans } from '../otlp/received-spans.ts';
import { edgesBetween, partOf } from '../store/service-map.ts';
import { type SentSpan, tracesRequest } from '../testing/otlp-requests.ts';
import { mapLayout } from './map-layout.ts';
import { storyOf } from './story.ts';
import { treeOf } from './trace-tree.ts';

const spansOf = (...spans: readonly SentSpan[]) => receivedSpans(tracesRequest(...spans)).spans;
const tree = (...spans: readonly SentSpan[]) =>
  treeOf(spansOf(...spans)).map(({ span, depth }) => `${depth}${span.name}`);

describe('the tree of a trace', () => {
  it('has each span below its parent, in order of time', () => {
    const a = { id: '1', name: 'a' };
    const b = { id: '2', parent: '1', name: 'b' };
    const c = { id: '3', parent: '2', name: 'c' };
    const d = { id: '4', parent: '1', name: 'd' };
    expect(tree(a, b, c, d)).toEqual(['0a', '1b', '2c', '1d']);
  });

  it('leaves nothing out: no orphan, no circle', () => {
    expect(tree({ id: '1', parent: '99', name: 'orphan' })).toEqual(['0orphan']);
    expect(tree({ id: '1', parent: '2', name: 'a' }, { id: '2', parent: '1', name: 'b' })).toEqual(['0a', '1b']);
    expect(tree({ id: '1', parent: '1', name: 'self' })).toEqual(['0self']);
  });
});

describe('the story of a trace', () => {
  it('names attempts, the commit and the zones', () => {
    const call = (id: string, attempt: number, more: SentSpan['attributes'] = {}) => ({
      ...{ id, name: 'iam.CreateRole', zone: `z${attempt}`, at: attempt * 10, ms: 8 },
      attributes: { 'aws.request_id': id, 'aws.sdk.attempt': attempt, 'aws.sdk.attempts_max': 3, ...more },
    });
    const log = { 'stormglass.log.name': 'iam', 'stormglass.log.position': 42, 'stormglass.log.epoch': 3 };
    const spans = spansOf(
      call('1', 1, { 'http.response.status_code': 503, 'error.type': 'ServiceUnavailable' }),
      call('2', 2, { 'http.response.status_code': 200 }),
      {
        ...{ id: '3', parent: '2', name: 'log.commit', zone: 'z2', at: 21, ms: 5 },
        attributes: { ...log, 'stormglass.log.attempts': 2 },
      },
      { id: '4', parent: '3', name: 'log.store', zone: 'z1', at: 22, ms: 2, attributes: log },
      { id: '5', parent: '3', name: 'log.store', zone: 'z2', at: 22, ms: 1, attributes: log },
      { id: '6', parent: '3', name: 'log.apply', zone: 'z2', at: 25, ms: 1, attributes: log },
    );
    expect(storyOf({ id: '', spans })).toEqual([
      'iam.CreateRole in z1, attempt 1 of 3 at most: 503 ServiceUnavailable, after 8 ms.',
      'iam.CreateRole in z2, attempt 2 of 3 at most: 200, after 8 ms.',
      'Committed to the log iam at position 42, epoch 3, after 5 ms, proposed 2 times. Stored in z1 (3 ms), z2 (2 ms). Applied in z2 (5 ms).',
    ]);
  });
});

describe('the service map', () => {
  it('has one node for each part of a zone, and counts calls and errors between them', () => {
    const spans = spansOf(
      { id: '1', name: 'app', service: 'app' },
      { id: '2', parent: '1', name: 'entrance iam', zone: 'z1' },
      { id: '3', parent: '2', name: 'iam.GetUser', zone: 'z1', attributes: { 'rpc.service': 'iam' }, error: 'no' },
      { id: '4', parent: '3', name: 'log.confirm', zone: 'z1' },
      { id: '5', parent: '3', name: 'log.commit', zone: 'z1' },
      { id: '6', parent: '5', name: 'log.store', zone: 'z2' },
      { id: '7', parent: '5', name: 'log.store', zone: 'z1' },
    );
    const edges = edgesBetween([{ id: '', spans }], partOf);
    expect(edges.map(e => `${e.parent} > ${e.child}: ${e.callCount}, ${e.errorCount}`)).toEqual([
      'app > entrance z1: 1, 0',
      'entrance z1 > iam z1: 1, 1',
      'iam z1 > log z1: 2, 0',
      'log z1 > log z2: 1, 0',
    ]);
  });
});

describe('the layout of the map', () => {
  const edge = (parent: string, child: string) => ({ parent, child, callCount: 1, errorCount: 0 });

  it('puts a part as many columns from the entrance as calls take to it', () => {
    const { places, columns, rows } = mapLayout([edge('door', 'iam a'), edge('door', 'iam b'), edge('iam a', 'log a')]);
    expect(Object.fromEntries(places)).toEqual({
      door: { column: 0, row: 0 },
      'iam a': { column: 1, row: 0 },
      'iam b': { column: 1, row: 1 },
      'log a': { column: 2, row: 0 },
    });
    expect([columns, rows]).toEqual([3, 2]);
  });

  it('gives a part one column in all zones', () => {
    const { places } = mapLayout([
      edge('app', 'door a'),
      edge('door b', 'iam b'),
      edge('iam b', 'log b'),
      edge('log b', 'log a'),
    ]);
    expect([...places].map(([name, { column }]) => `${column} ${name}`).sort()).toEqual([
      ...['0 app', '1 door a', '1 door b', '2 iam b', '3 log a', '3 log b'],
    ]);
  });

  it('takes circles as they are', () => {
    const { places } = mapLayout([edge('a', 'b'), edge('b', 'a')]);
    expect([...places.keys()]).toEqual(['a', 'b']);
  });
});
