/** Says what somebody with the given policies could do. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { invalidInput } from '../errors.ts';
import { givenSources } from '../simulation/policy-sources.ts';
import { simulatedPrincipal } from '../simulation/simulated-caller.ts';
import { givenSimulation, simulationPage } from '../simulation/simulation-request.ts';

export const simulateCustomPolicy = operation<IamClient, 'SimulateCustomPolicy', IamDeps>({
  name: 'SimulateCustomPolicy',
  state: 'strong-read',
  permission: { resource: () => '*' },
  gaps: [
    'A result about several resources has `*` as its `EvalResourceName`; AWS gives the form of ARNs that the action takes.',
    '`ResourceHandlingOption` is accepted; that the resources of an EC2 scenario are complete is not checked.',
    'There are no organizations: `OrderedOrganizationPolicyInputList` is refused.',
  ],
  handle(input, call, deps) {
    if ((input.OrderedOrganizationPolicyInputList ?? []).length > 0)
      throw invalidInput('Invalid Input OrderedOrganizationPolicyInputList: there are no organizations.');
    if (input.ResourcePolicy !== undefined && input.CallerArn === undefined)
      throw invalidInput('Invalid Input CallerArn: it is required with ResourcePolicy.');
    const { givenBoundary, ...given } = givenSimulation(input);
    return simulationPage('iam:SimulateCustomPolicy', input, {
      identity: givenSources('IAM Policy', input.PolicyInputList),
      boundary: givenBoundary,
      principal: simulatedPrincipal(deps, call, input.CallerArn),
      now: call.now,
      ...given,
    });
  },
});
