/** Parts of a region that die by themselves, while their zones live on. */
import { addAll, type Part, type ScenarioFault, type Stage } from './fault.ts';

const deathOf = (name: string, part: Part, stages: readonly Stage[], say: (who: string) => string): ScenarioFault => ({
  name,
  stages,
  begin: async target => {
    const { who, heal } = await target.kill(part);
    return { what: say(who), heal };
  },
});

export const logLeaderDeath = deathOf(
  'log-leader-death',
  'log-leader',
  ['simulated', 'docker'],
  who => `the log's leader dies (${who})`,
);
export const hotStateLoss = deathOf('hot-state-loss', 'hot-state', ['docker'], who => `the hot state is lost (${who})`);
export const worldDeath = deathOf('world-death', 'world', ['docker'], who => `the world dies (${who})`);

export const controlPlaneOutage: ScenarioFault = {
  name: 'control-plane-outage',
  stages: ['embedded', 'docker'],
  begin: target => {
    const request = { fault: 'control-plane-outage', settings: { service: 'iam' } };
    return addAll(target, 'the control plane of IAM is gone', [request]);
  },
};
