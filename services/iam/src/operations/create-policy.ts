/** Makes a managed policy, with its first version in force. */
import { defined, iamId } from '@stormglass/base';
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onNew, tagged } from '../permissions.ts';
import { givenTags, shownPolicy } from '../shapes.ts';

export const createPolicy = operation<IamClient, 'CreatePolicy', IamDeps>({
  name: 'CreatePolicy',
  state: 'write',
  permission: onNew('policy', tagged),
  async handle(input, call, deps) {
    const policy = await execute(deps, call, {
      type: 'CreatePolicy',
      accountId: call.accountId,
      policyName: input.PolicyName,
      policyId: iamId(deps.random, 'ANPA'),
      path: input.Path ?? '/',
      document: input.PolicyDocument,
      ...defined({ description: input.Description, tags: givenTags(input.Tags) }),
    });
    return { Policy: shownPolicy(policy) };
  },
});
