/** Says what a user, group or role could do, with the policies it has and others that it might have. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { invalidInput } from '../errors.ts';
import { onPolicySource } from '../permissions.ts';
import { keptBy } from '../simulation/excluded-policies.ts';
import { boundarySource, givenSources, identitySources } from '../simulation/policy-sources.ts';
import { policySource, simulatedPrincipal } from '../simulation/simulated-caller.ts';
import { givenSimulation, simulationPage } from '../simulation/simulation-request.ts';

export const simulatePrincipalPolicy = operation<IamClient, 'SimulatePrincipalPolicy', IamDeps>({
  name: 'SimulatePrincipalPolicy',
  state: 'strong-read',
  permission: onPolicySource,
  gaps: [
    'A result about several resources has `*` as its `EvalResourceName`; AWS gives the form of ARNs that the action takes.',
    '`ResourceHandlingOption` is accepted; that the resources of an EC2 scenario are complete is not checked.',
  ],
  handle(input, call, deps) {
    const { view } = deps.replica;
    const source = policySource(deps, call, input.PolicySourceArn);
    if (input.ResourcePolicy !== undefined && input.CallerArn === undefined && source.kind !== 'user')
      throw invalidInput('Invalid Input CallerArn: it is required with ResourcePolicy when the source is not a user.');
    const { givenBoundary, ...given } = givenSimulation(input);
    const isKept = keptBy(input.PolicyExclusionList);
    const ownBoundary = boundarySource(view, source);
    return simulationPage('iam:SimulatePrincipalPolicy', input, {
      identity: [...identitySources(view, source), ...givenSources('IAM Policy', input.PolicyInputList)].filter(isKept),
      boundary: givenBoundary ?? (ownBoundary && isKept(ownBoundary) ? ownBoundary : undefined),
      principal: simulatedPrincipal(deps, call, input.CallerArn, source),
      now: call.now,
      ...given,
    });
  },
});
