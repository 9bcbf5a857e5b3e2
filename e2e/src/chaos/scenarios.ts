/** All scenarios by name: the same names in simulation, on processes and on containers. */
import { rottenDisk } from './faults/disks.ts';
import type { ScenarioFault } from './faults/fault.ts';
import { clockSkew, diskFull, slowProcessor } from './faults/hosts.ts';
import { oneWayPartition, partitionFromLog, partitionOfPair, slowLossyLinks } from './faults/links.ts';
import { controlPlaneOutage, hotStateLoss, logLeaderDeath, worldDeath } from './faults/parts.ts';
import { anyOutage, cutOff, everythingOff, freeze, powerOff } from './faults/zones.ts';
import type { Scenario } from './scenario.ts';

/** Calm first, to know what is usual; calm at last, to see it come back. */
const USUAL = { from: 0.25, until: 0.65 };

const one = (fault: ScenarioFault, hypothesis: string): Scenario => ({
  name: fault.name,
  hypothesis,
  windows: [{ fault, ...USUAL }],
  mayFail: false,
});

/** The same again and again, with a calm in between. */
const turns = (fault: ScenarioFault) => inTurn(fault, [0.12, 0.22, 0.32, 0.42, 0.52, 0.62, 0.72, 0.82], 0.05);

const inTurn = (fault: ScenarioFault, begins: readonly number[], lasts: number) =>
  begins.map(from => ({ fault, from, until: from + lasts, isInTurn: true }) as const);

export const SCENARIOS: readonly Scenario[] = [
  one(powerOff, 'Two zones go on; clients notice a pause at most.'),
  one(freeze, 'A zone that says nothing is left out like a dead one, and catches up when it wakes.'),
  one(cutOff, 'A zone that nobody reaches takes no acknowledged write with it, and serves nothing stale.'),
  one(partitionOfPair, 'Two zones that cannot reach each other both have a way to the majority.'),
  one(oneWayPartition, 'A link that carries one way only is no better than none, and no worse.'),
  one(partitionFromLog, 'A zone without its log passes its clients on.'),
  one(slowLossyLinks, 'A slow zone slows its own calls and nobody else.'),
  one(diskFull, 'A zone that cannot write leaves the log, keeps answering, and comes back.'),
  one(clockSkew, 'Order comes from the log: a wrong clock changes nothing.'),
  one(slowProcessor, 'A zone with too little processor is slow, and correct.'),
  one(logLeaderDeath, 'Another leader is found; what was acknowledged is with it.'),
  one(hotStateLoss, 'Hot state may be lost in all zones at once: nobody notices.'),
  {
    ...one(controlPlaneOutage, 'Nothing of IAM can be changed; roles are assumed, and sessions are good, as ever.'),
    mayFail: ['registers write', 'users create'],
  },
  {
    ...one(worldDeath, 'Without the front door no call arrives; nothing acknowledged is lost.'),
    mayFail: true,
  },
  {
    name: 'everything-off',
    hypothesis: 'Nothing answers while nothing runs; after it, everything acknowledged is there.',
    windows: [{ fault: everythingOff, from: 0.3, until: 0.45 }],
    mayFail: true,
  },
  {
    name: 'rolling-power-off',
    hypothesis: 'Zones may fail one after the other, as long as each comes back before the next goes.',
    windows: inTurn(powerOff, [0.15, 0.4, 0.65], 0.1),
    mayFail: false,
  },
  {
    name: 'zones-in-turn',
    hypothesis: 'Zones may be lost in any way, again and again, one at a time.',
    windows: turns(anyOutage),
    mayFail: false,
  },
  {
    name: 'zones-and-clocks-in-turn',
    hypothesis:
      'Zones may be lost in any way while clocks are wrong: order comes from logs, and locks end by decisions.',
    windows: [
      ...turns(anyOutage),
      { fault: clockSkew, from: 0.11, until: 0.48 },
      { fault: clockSkew, from: 0.5, until: 0.88 },
    ],
    mayFail: false,
  },
  {
    name: 'rotten-disks',
    hypothesis: 'What a disk loses is served from another one, and mended.',
    windows: turns(rottenDisk),
    mayFail: false,
  },
  {
    name: 'flapping-link',
    hypothesis: 'A link that comes and goes costs latency, not correctness.',
    windows: [0.2, 0.32, 0.44, 0.56].map(from => ({ fault: partitionOfPair, from, until: from + 0.06 })),
    mayFail: false,
  },
];

/** @throws RangeError naming the scenarios there are */
export function scenarioNamed(name: string): Scenario {
  const found = SCENARIOS.find(scenario => scenario.name === name);
  if (found !== undefined) return found;
  throw new RangeError(`there is no scenario ${name}; there are ${SCENARIOS.map(each => each.name).join(', ')}`);
}
