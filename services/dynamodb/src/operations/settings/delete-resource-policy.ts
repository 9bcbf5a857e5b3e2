/** Takes the policy off a table or a stream; without one nothing happens. */
import { operation } from '@stormglass/service-kit';
import { type DynamoDbClient, type DynamoDbDeps, execute } from '../../deps.ts';
import { checkIsOwn, requestedResource } from '../../names.ts';
import { onResource } from '../../permissions.ts';

export const deleteResourcePolicy = operation<DynamoDbClient, 'DeleteResourcePolicy', DynamoDbDeps>({
  name: 'DeleteResourcePolicy',
  state: 'write',
  permission: onResource,
  async handle({ ResourceArn, ExpectedRevisionId: expected }, call, deps) {
    const resource = requestedResource(ResourceArn, call);
    checkIsOwn(resource, call);
    const removed = await execute(deps, call, {
      ...{ ...resource, type: 'DeletePolicy' },
      ...(expected !== undefined && { expected }),
    });
    return removed === null ? {} : { RevisionId: removed.revision };
  },
});
