/** Links that carry nothing, or not what they should. */
import { pick, type Random } from '@stormglass/base';
import { addAll, type ScenarioFault, type Stage } from './fault.ts';

const EVERYWHERE: readonly Stage[] = ['simulated', 'embedded', 'docker'];
const LOSS = 0.05;
const LATENCY = { latencyMs: 60, jitterMs: 30 };

/** Two different zones. */
function pair(zones: readonly string[], random: Random): readonly [string, string] {
  const from = pick(random, zones);
  return [
    from,
    pick(
      random,
      zones.filter(zone => zone !== from),
    ),
  ];
}

export const partitionOfPair: ScenarioFault = {
  name: 'partition-of-pair',
  stages: EVERYWHERE,
  begin: (target, random) => {
    const [from, to] = pair(target.zones, random);
    return addAll(target, `${from} and ${to} do not reach each other`, [{ fault: 'partition', from, to }]);
  },
};

export const oneWayPartition: ScenarioFault = {
  name: 'one-way-partition',
  stages: EVERYWHERE,
  begin: (target, random) => {
    const [from, to] = pair(target.zones, random);
    return addAll(target, `nothing from ${from} reaches ${to}`, [{ fault: 'partition', from, to, oneWay: true }]);
  },
};

/** Where the log has a place of its own; in containers it lives in the zones. */
export const partitionFromLog: ScenarioFault = {
  name: 'partition-from-log',
  stages: ['simulated', 'embedded'],
  begin: (target, random) => {
    const from = pick(random, target.zones);
    return addAll(target, `${from} does not reach the log`, [{ fault: 'partition', from, to: 'log' }]);
  },
};

export const slowLossyLinks: ScenarioFault = {
  name: 'slow-lossy-links',
  stages: EVERYWHERE,
  begin: (target, random) => {
    const from = pick(random, target.zones);
    return addAll(target, `links of ${from}: 60 ms and 5 % loss`, [
      { fault: 'latency', from, to: '*', settings: LATENCY },
      { fault: 'loss', from, to: '*', settings: { probability: LOSS }, seed: 1 },
    ]);
  },
};
