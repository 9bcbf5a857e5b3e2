/** Disks that lose what they were given, while nobody looks. */
import { addAll, type ScenarioFault } from './fault.ts';

/**
 * Some of the objects of one zone are damaged, and as many are gone. It is the same zone each time: rot that nobody has
 * read stays until the next scrub, and what rots in all zones meanwhile is lost.
 */
const SHARE = 0.2;

export const rottenDisk: ScenarioFault = {
  name: 'rotten-disk',
  stages: ['embedded', 'docker'],
  begin: target => {
    const zone = target.zones.at(-1)!;
    const settings = { share: SHARE };
    return addAll(
      target,
      `objects rot and vanish on the disk of ${zone}`,
      ['blob-rot', 'blob-loss'].map(fault => ({ fault, zone, settings })),
    );
  },
};
