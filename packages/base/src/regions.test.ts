import { expect, it } from 'vitest';
import { homeRegionOf, isDefaultRegion, partitionOf, regionsOf } from './regions.ts';

it('has the seventeen regions that every account uses, and one home', () => {
  expect(regionsOf('aws').filter(isDefaultRegion)).toHaveLength(17);
  expect(homeRegionOf('aws')).toBe('us-east-1');
  expect(isDefaultRegion('eu-south-1')).toBe(false);
});

it('puts every region into exactly one partition, with a home of its own', () => {
  for (const partition of ['aws', 'aws-cn', 'aws-eusc', 'aws-us-gov']) {
    for (const region of regionsOf(partition)) expect(partitionOf(region)).toBe(partition);
    expect(partitionOf(homeRegionOf(partition))).toBe(partition);
  }
  expect(partitionOf('xx-test-1')).toBe('aws');
});
