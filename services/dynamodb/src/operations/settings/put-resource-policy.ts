/** Gives a table or a stream a policy, in place of the one that it has. */
import { operation } from '@stormglass/service-kit';
import { type DynamoDbClient, type DynamoDbDeps, execute } from '../../deps.ts';
import { checkIsOwn, requestedResource } from '../../names.ts';
import { onResource } from '../../permissions.ts';
import { checkPolicy } from '../../policies.ts';

export const putResourcePolicy = operation<DynamoDbClient, 'PutResourcePolicy', DynamoDbDeps>({
  name: 'PutResourcePolicy',
  state: 'write',
  permission: onResource,
  gaps: [
    'A policy that keeps its author out is taken without `ConfirmRemoveSelfResourceAccess`.',
    'Whether the principals that a policy names are there is not checked.',
  ],
  async handle({ ResourceArn, Policy, ExpectedRevisionId: expected }, call, deps) {
    const resource = requestedResource(ResourceArn, call);
    checkIsOwn(resource, call);
    checkPolicy(Policy);
    const { revision } = await execute(deps, call, {
      ...{ ...resource, type: 'PutPolicy', text: Policy, revision: String(call.now) },
      ...(expected !== undefined && { expected }),
    });
    return { RevisionId: revision };
  },
});
