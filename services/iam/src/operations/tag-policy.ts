/** Adds tags to a managed policy, or changes their values. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onPolicy, tagged } from '../permissions.ts';
import { givenTags } from '../shapes.ts';

export const tagPolicy = operation<IamClient, 'TagPolicy', IamDeps>({
  name: 'TagPolicy',
  state: 'write',
  permission: onPolicy(tagged),
  async handle({ PolicyArn: arn, Tags }, call, deps) {
    const resource = { kind: 'policy', arn } as const;
    const tags = givenTags(Tags) ?? [];
    await execute(deps, call, { type: 'TagResource', accountId: call.accountId, resource, tags });
    return {};
  },
});
