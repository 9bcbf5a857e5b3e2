import { seededRandom, sleep } from '@stormglass/base';
import { SimClock } from '@stormglass/testing';
import { expect, it } from 'vitest';
import type { ScenarioFault, Target } from './faults/fault.ts';
import { History, Refused } from './history.ts';
import { playFaults, runsOn, type Scenario } from './scenario.ts';
import { SCENARIOS, scenarioNamed } from './scenarios.ts';

/** Plays windows of a fault that writes down what becomes of it. In turn, things take a while to come back. */
async function play(
  windows: readonly (readonly [number, number])[],
  how: 'well' | 'in-turn' | 'cannot-begin' | 'cannot-heal',
) {
  const clock = new SimClock();
  const history = new History(clock);
  const target: Target = {
    ...{ stage: 'simulated', zones: ['a'], add: async () => async () => {}, back: () => sleep(clock, 150) },
    kill: async () => ({ who: 'nobody', heal: async () => {} }),
  };
  let healed = 0;
  const fault: ScenarioFault = {
    ...{ name: 'rain', stages: ['simulated'] },
    begin: async () => {
      if (how === 'cannot-begin') throw new Error('the sky is clear');
      const heal = async () => {
        healed++;
        if (how === 'cannot-heal') throw new Error('it rains on');
      };
      return { what: 'it rains', heal };
    },
  };
  const scenario: Scenario = {
    ...{ name: 'wet', hypothesis: '', mayFail: false },
    windows: windows.map(([from, until]) => ({ fault, from, until, ...(how === 'in-turn' && { isInTurn: true }) })),
  };
  let end = 'nothing yet';
  const played = playFaults(scenario, { target, clock, random: seededRandom(1), history, durationMs: 1000 });
  played.then(
    () => (end = 'done'),
    (error: Error) => (end = error.message),
  );
  await clock.run(10_000, () => end !== 'nothing yet');
  const events = history.entries.map(entry => (entry.type === 'fault' ? [entry.id, entry.phase, entry.at] : []));
  return { end, events, healed, now: history.now() };
}

it('breaks and heals by the clock', async () => {
  const played = await play(
    [
      [0.1, 0.5],
      [0.3, 0.4],
    ],
    'well',
  );
  expect(played).toMatchObject({ end: 'done', healed: 2, now: 1000 });
  expect(played.events).toEqual([
    [0, 'begin', 100],
    [1, 'begin', 300],
    [1, 'end', 400],
    [0, 'end', 500],
  ]);
});

it('breaks one thing after the other where all has to be back before', async () => {
  const windows = [
    [0.1, 0.3],
    [0.35, 0.45],
    [0.9, 1],
  ] as const;
  const { events } = await play(windows, 'in-turn');
  expect(events).toEqual([
    [0, 'begin', 250],
    [0, 'end', 450],
    [1, 'begin', 600],
    [1, 'end', 700],
    [2, 'begin', 1050],
    [2, 'end', 1150],
  ]);
});

it('says what could not be broken, and what did not heal', async () => {
  expect(await play([[0.1, 0.5]], 'cannot-begin')).toMatchObject({ end: 'the faults of wet: the sky is clear' });
  const stuck = await play(
    [
      [0.1, 0.5],
      [0.6, 0.7],
    ],
    'cannot-heal',
  );
  expect(stuck).toMatchObject({ end: 'the faults of wet: it rains on; it rains on', healed: 2 });
});

it('remembers how operations went', async () => {
  const history = new History(new SimClock());
  const what = { process: 'p', action: 'create', key: 'ada' };
  await history.operate(what, async () => ({ value: '1', zone: 'use1-az1' }));
  await history.operate(what, async () => Promise.reject(new Refused('no')));
  await history.operate(what, async () => Promise.reject(new Error('silence')));
  expect(history.entries).toMatchObject([
    { outcome: 'ok', value: '1', zone: 'use1-az1' },
    { outcome: 'fail', error: 'no' },
    { outcome: 'unknown', error: 'silence' },
  ]);
  expect(history.created).toEqual(['ada']);
});

it('knows scenarios by name, and where they run', () => {
  expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
  expect(runsOn(scenarioNamed('hot-state-loss'), 'docker')).toBe(true);
  expect(runsOn(scenarioNamed('hot-state-loss'), 'embedded')).toBe(false);
  expect(() => scenarioNamed('sharknado')).toThrow('there is no scenario sharknado; there are power-off, freeze');
  for (const { windows } of SCENARIOS) {
    expect(windows.every(({ from, until }) => from > 0.1 && from < until && until < 0.9)).toBe(true);
  }
});
