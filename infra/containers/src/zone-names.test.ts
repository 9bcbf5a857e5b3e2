/** How a part of a zone finds its like, in other zones and through a gateway, without a container network. */
import { silentLogger, systemClock, systemRandom } from '@stormglass/base';
import { planRegion } from '@stormglass/region';
import { INTERNAL_NAMES } from '@stormglass/region/host';
import { expect, it } from 'vitest';
import { gatewayTarget, internalPort } from './parts.ts';
import { zoneNames } from './zone-names.ts';

const home = planRegion('us-east-1', 3);
const resolve = zoneNames({
  ...{ region: 'ap-southeast-2', zone: 'apse2-az1', zones: ['apse2-az1', 'apse2-az2'], otherRegions: [home] },
  ...{ part: 's3', clock: systemClock, random: systemRandom, logger: silentLogger },
});
const find = async (region: string, zone: string) => {
  const [found] = await resolve(INTERNAL_NAMES.zone(region, zone), 'SRV');
  return found?.data as { readonly target: string; readonly port: number };
};

it('S3 finds S3 of another zone', async () => {
  const found = await find('ap-southeast-2', 'apse2-az2');
  expect(found).toMatchObject({ target: 's3-apse2-az2', port: internalPort('s3') });
});

it.each(home.zones.map(({ id }) => id))('S3 finds S3 of %s of another region through the gateway', async zone => {
  const { target, port } = await find('us-east-1', zone);
  expect(target).toBe('gateway-us-east-1');
  expect(gatewayTarget(home, port)).toEqual({ to: zone, host: `s3-${zone}`, port: internalPort('s3') });
});
