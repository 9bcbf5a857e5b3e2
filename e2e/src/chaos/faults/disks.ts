/** Disks that lose what they were given, while nobody looks. */
import { pick } from '@stormglass/base';
import { addAll, type ScenarioFault } from './fault.ts';

/** Some of the objects of one zone are damaged, and as many are gone. */
const SHARE = 0.2;

export const rottenDisk: ScenarioFault = {
  name: 'rotten-disk',
  stages: ['embedded', 'docker'],
  begin: (target, random) => {
    const zone = pick(random, target.zones);
    const settings = { share: SHARE };
    return addAll(
      target,
      `objects rot and vanish on the disk of ${zone}`,
      ['blob-rot', 'blob-loss'].map(fault => ({ fault, zone, settings })),
    );
  },
};
