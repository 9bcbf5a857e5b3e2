/** Names and addresses of regions: those that share a machine never meet, and partitions know nothing of each other. */
import { expect, it } from 'vitest';
import { everyPlaceOf, gatewayAddress, gatewayPlace, othersOf, planRegions, zoneIdPrefix } from './topology.ts';

it.each([
  ['us-east-1', 'use1'],
  ['ap-southeast-2', 'apse2'],
  ['eusc-de-east-1', 'euscdee1'],
  ['us-gov-west-1', 'usgovw1'],
])('names the zones of %s by %s', (region, prefix) => {
  expect(zoneIdPrefix(region)).toBe(prefix);
  expect([gatewayPlace(region), everyPlaceOf(region)]).toEqual([`${prefix}-gateway`, `${prefix}-*`]);
});

it('gives each region of a machine its partition, its home and addresses of its own', () => {
  const all = planRegions(['us-east-1', 'ap-southeast-2', 'eusc-de-east-1']);
  expect(all.map(({ partition, homeRegion }) => [partition, homeRegion])).toEqual([
    ['aws', 'us-east-1'],
    ['aws', 'us-east-1'],
    ['aws-eusc', 'eusc-de-east-1'],
  ]);
  const zones = all.flatMap(region => region.zones);
  expect(new Set(zones.flatMap(({ id, address }) => [id, address])).size).toBe(18);
  expect(zones[3]).toEqual({ id: 'apse2-az1', name: 'ap-southeast-2a', address: '127.66.1.1' });
  const [home, away, sovereign] = all as [(typeof all)[0], (typeof all)[0], (typeof all)[0]];
  expect([gatewayAddress(home, away), gatewayAddress(away, home)]).toEqual(['127.66.0.101', '127.66.1.100']);
  expect(all.map(region => othersOf(region, all))).toEqual([[away], [home], []]);
  expect(othersOf(sovereign, all)).toEqual([]);
});

it('refuses what is no region, a region twice, and too many', () => {
  expect(() => planRegions(['us-east-1', 'mars'])).toThrow('mars is not the name of a region');
  expect(() => planRegions(['us-east-1', 'us-east-1'])).toThrow('twice');
  expect(() => planRegions([1, 2, 3, 4, 5, 6, 7, 8, 9].map(n => `us-east-${n}`))).toThrow('8 regions at most');
});
