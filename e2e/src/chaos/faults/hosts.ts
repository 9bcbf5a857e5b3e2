/** What goes wrong inside of a zone. */
import { pick, type Random } from '@stormglass/base';
import { addAll, type ScenarioFault, type Stage } from './fault.ts';

/** Below what AWS tolerates in a signature, so that calls go on. */
const SKEW_MS_MAX = 240_000;
const CPU_SHARE = 0.1;

const inZone = (
  name: string,
  stages: readonly Stage[],
  say: string,
  settings: (random: Random) => Record<string, unknown> = () => ({}),
): ScenarioFault => ({
  name,
  stages,
  begin: (target, random) => {
    const zone = pick(random, target.zones);
    return addAll(target, `${zone}: ${say}`, [{ fault: name, zone, settings: settings(random) }]);
  },
});

export const diskFull = inZone('disk-full', ['simulated', 'embedded', 'docker'], 'its disk is full');

export const clockSkew = inZone('clock-skew', ['simulated', 'embedded', 'docker'], 'its clock is wrong', random => ({
  skewMs: Math.round((2 * random.next() - 1) * SKEW_MS_MAX),
}));

export const slowProcessor = inZone('cpu-limit', ['embedded'], 'its processes get a tenth of a core', () => ({
  share: CPU_SHARE,
}));
