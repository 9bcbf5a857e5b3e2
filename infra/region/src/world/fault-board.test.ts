/** Faults of several regions on one board: whom they are meant for, and what lies between regions without being one. */
import { seededRandom } from '@stormglass/base';
import { LinkRules } from '@stormglass/faults';
import { SimClock } from '@stormglass/testing';
import { beforeEach, expect, it } from 'vitest';
import { everyPlaceOf, planRegions } from '../topology.ts';
import { FaultBoard, type SwitchedFault } from './fault-board.ts';
import { standingRules } from './region-links.ts';

const REGIONS = planRegions(['us-east-1', 'ap-southeast-2', 'eusc-de-east-1']);
const POWER = { powerOff() {}, powerOn() {}, freeze() {}, thaw() {} };

let links: LinkRules;
let board: FaultBoard;
let turned: [string, boolean, SwitchedFault][];
beforeEach(() => {
  links = new LinkRules();
  links.replace(standingRules(REGIONS, { latencyMs: 100, bytesPerSecond: 1e6 }));
  turned = [];
  const ids = REGIONS.flatMap(({ zones }) => zones.map(({ id }) => id));
  const turn = (name: string) => (isOn: boolean, fault: SwitchedFault) => void turned.push([name, isOn, fault]);
  board = new FaultBoard({
    zones: new Map(ids.map(id => [id, POWER])),
    places: [...ids, 'clients', 'log'],
    regions: new Map(REGIONS.map(({ name }) => [name, everyPlaceOf(name)])),
    switches: Object.fromEntries(['ca-outage', 'call', 'disk-full'].map(name => [name, turn(name)])),
    ...{ links, clock: new SimClock(), random: seededRandom(1) },
  });
});

/** Faults on a link, as they stand in the rules. */
const on = (from: string, to: string): string[] => {
  const { number: connection } = links.connect(from, to);
  return [...links.behaviours({ from, to, connection, medium: 'stream' }).keys()].map(({ fault }) => fault);
};

it('has long links between regions of a partition, none within, and forgets them with no fault', () => {
  const far = ['latency', 'bandwidth'];
  expect(on('use1-az1', 'apse2-az3')).toEqual(far);
  expect(on('apse2-gateway', 'use1-az1')).toEqual(far);
  expect([on('use1-az1', 'use1-az2'), on('clients', 'use1-az1'), on('use1-az1', 'euscdee1-az1')]).toEqual([[], [], []]);
  expect(links.all.find(({ fault }) => fault === 'latency')?.settings).toMatchObject({ latencyMs: 50 });
  board.add({ fault: 'partition', zone: 'use1-az1' });
  board.clear();
  expect([on('use1-az1', 'apse2-az3'), board.list()]).toEqual([far, []]);
  expect(standingRules(REGIONS, { latencyMs: 0 })).toEqual([]);
});

it('breaks the link between two zones, or between two regions', () => {
  const one = board.add({ fault: 'partition', from: 'use1-az1', to: 'apse2-az1' });
  expect([on('apse2-az1', 'use1-az1'), on('use1-az2', 'apse2-az1')].map(each => each.includes('partition'))).toEqual([
    true,
    false,
  ]);
  board.clear(one.id);
  expect(board.add({ fault: 'partition', from: 'us-east-1', to: 'ap-southeast-2' })).toMatchObject({
    ...{ from: 'us-east-1', to: 'ap-southeast-2' },
  });
  for (const from of ['use1-az2', 'use1-gateway']) expect(on(from, 'apse2-az3')).toContain('partition');
  for (const to of ['use1-az1', 'clients', 'log']) expect(on('use1-az2', to)).toEqual([]);
  expect(() => board.add({ fault: 'partition', from: 'mars' })).toThrow(/one of .*eusc-de-east-1; it is mars/);
});

it('is done to one region or to all, and to each of them once', () => {
  const { id } = board.add({ fault: 'ca-outage', region: 'us-east-1' });
  expect(turned).toEqual([['ca-outage', true, { id, zone: '', region: 'us-east-1', settings: {} }]]);
  expect(board.list()).toMatchObject([{ id, region: 'us-east-1' }]);
  expect(() => board.add({ fault: 'ca-outage', region: 'us-east-1' })).toThrow('in force in us-east-1 already');
  expect(() => board.add({ fault: 'ca-outage' })).toThrow('ca-outage is in force already');
  board.add({ fault: 'ca-outage', region: 'ap-southeast-2' });
  expect(() => board.add({ fault: 'ca-outage', region: 'mars' })).toThrow('unknown region mars; known are us-east-1');
  for (const request of [{ fault: 'disk-full' }, { fault: 'partition' }, { fault: 'freeze', zone: 'use1-az1' }])
    expect(() => board.add({ ...request, region: 'us-east-1' })).toThrow('is not done to a whole region here');
  expect(() => board.add({ fault: 'ca-outage', zone: 'use1-az1' })).toThrow('done to the whole region');
});

it('tells in which zone a fault of a host is', () => {
  board.add({ fault: 'call', region: 'us-east-1', settings: { service: 'iam' } });
  board.add({ fault: 'disk-full', zone: 'apse2-az2' });
  expect(turned.map(([name, , { zone, region }]) => [name, zone, region])).toEqual([
    ['call', '', 'us-east-1'],
    ['disk-full', 'apse2-az2', ''],
  ]);
});
