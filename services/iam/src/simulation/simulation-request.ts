/** What both simulations ask alike: actions and resources, checked, bounded and answered in pages. */
import type { SimulateCustomPolicyRequest, SimulatePolicyResponse } from '@aws-sdk/client-iam';
import { splitArn } from '@stormglass/identity';
import { invalidInput } from '../errors.ts';
import { byPosition, pageMarks, pageOf, pageRequest } from '../paging.ts';
import { givenSources, type PolicySource } from './policy-sources.ts';
import { givenContext } from './simulated-context.ts';
import { type Simulation, simulate, statementsIn } from './simulation.ts';
import { evaluationResult } from './simulation-results.ts';

/** The members that both simulations have. */
export type SimulationInput = Pick<
  SimulateCustomPolicyRequest,
  | 'PermissionsBoundaryPolicyInputList'
  | 'ActionNames'
  | 'ResourceArns'
  | 'ResourcePolicy'
  | 'ResourceOwner'
  | 'ContextEntries'
  | 'MaxItems'
  | 'Marker'
>;

/** Markers count positions in four digits. */
const ACTIONS_MAX = 1000;
/** Statements held against calls for one answer: they take some 10 µs each, and other calls wait meanwhile. */
const STATEMENT_TESTS_MAX = 20_000;

/**
 * The policies and facts that come with the request itself.
 * @throws AwsError `InvalidInput`
 */
export function givenSimulation(input: SimulationInput): Pick<Simulation, 'resource' | 'given' | 'resourceOwner'> & {
  readonly givenBoundary: PolicySource | undefined;
} {
  const boundaries = givenSources('Permissions Boundary Policy', input.PermissionsBoundaryPolicyInputList);
  if (boundaries.length > 1)
    throw invalidInput('Invalid Input PermissionsBoundaryPolicyInputList: there can be one permissions boundary only.');
  const [resource] = givenSources('Resource Policy', input.ResourcePolicy === undefined ? [] : [input.ResourcePolicy]);
  return {
    resource,
    givenBoundary: boundaries[0],
    given: givenContext(input.ContextEntries),
    resourceOwner: input.ResourceOwner === undefined ? undefined : accountOf(input.ResourceOwner),
  };
}

/**
 * One page of the simulation's results.
 * @throws AwsError `InvalidInput` for names that are none, and for more than can be answered
 */
export function simulationPage(list: string, input: SimulationInput, simulation: Simulation): SimulatePolicyResponse {
  const { ActionNames: actions = [], ResourceArns: resources = ['*'] } = input;
  for (const action of actions) refuseNonAction(action);
  for (const resource of resources) refuseNonResource(resource);
  if (actions.length > ACTIONS_MAX) throw invalidInput(`Invalid Input Actions: there can be ${ACTIONS_MAX} at most.`);
  const testsPerAction = Math.max(1, statementsIn(simulation)) * Math.max(1, resources.length);
  if (testsPerAction > STATEMENT_TESTS_MAX)
    throw invalidInput('Invalid Input ResourceArns: there are too many resources for so many policy statements.');
  const request = pageRequest(list, input);
  const max = Math.min(request.max, Math.floor(STATEMENT_TESTS_MAX / testsPerAction));
  const page = pageOf(actions, byPosition, { ...request, max });
  const decide = simulate(simulation);
  const asked = resources.length === 0 ? ['*'] : resources;
  const results = page.items.map(action =>
    evaluationResult(
      action,
      asked.map(resource => decide(action, resource)),
    ),
  );
  return { EvaluationResults: results, ...pageMarks(list, page) };
}

function refuseNonAction(name: string): void {
  if (!/^[A-Za-z0-9-]+:[A-Za-z0-9-]+$/.test(name))
    throw invalidInput(`Invalid Input Actions: "${name}" is not the name of an action.`);
}

function refuseNonResource(resource: string): void {
  if (resource !== '*' && splitArn(resource) === undefined)
    throw invalidInput(`Invalid Input ResourceArns: "${resource}" is not an ARN.`);
}

/** An account is given by its number or by the ARN of its root. */
function accountOf(owner: string): string {
  const account = splitArn(owner)?.account ?? owner;
  if (!/^\d{12}$/.test(account)) throw invalidInput(`Invalid Input ResourceOwner: "${owner}" is not an account.`);
  return account;
}
