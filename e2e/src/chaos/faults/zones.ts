/** Zones that are lost, one or all. */
import { pick } from '@stormglass/base';
import { addAll, type ScenarioFault, type Stage } from './fault.ts';

const outage = (name: string, verb: string, stages: readonly Stage[]): ScenarioFault => ({
  name,
  stages,
  begin: (target, random) => {
    const zone = pick(random, target.zones);
    return addAll(target, `${zone} ${verb}`, [{ fault: name, zone }]);
  },
});

export const powerOff = outage('power-off', 'loses power', ['simulated', 'embedded', 'docker']);
export const freeze = outage('freeze', 'freezes', ['embedded', 'docker']);
export const cutOff = outage('cut-off', 'is cut off', ['simulated', 'embedded', 'docker']);

/** Whichever of them chance takes. */
export const anyOutage: ScenarioFault = {
  name: 'any-outage',
  stages: ['embedded', 'docker'],
  begin: (target, random) => pick(random, [powerOff, freeze, cutOff]).begin(target, random),
};

/** Nothing is left running that could remember anything but by its disk. */
export const everythingOff: ScenarioFault = {
  name: 'everything-off',
  stages: ['simulated', 'embedded', 'docker'],
  begin: async target => {
    const outages = target.zones.map(zone => ({ fault: 'power-off', zone }));
    const zones = await addAll(target, 'every zone loses power', outages);
    // In containers the log is in the zones; a simulated one has a place of its own.
    if (target.stage !== 'simulated') return zones;
    const log = await target.kill('log-leader');
    return {
      what: `${zones.what}, and so does the log`,
      heal: async () => {
        await log.heal();
        await zones.heal();
      },
    };
  },
};
