/** Gives the policy of a table or a stream. */
import { operation } from '@stormglass/service-kit';
import type { DynamoDbClient, DynamoDbDeps } from '../../deps.ts';
import { noSuchPolicy } from '../../errors.ts';
import { findResource } from '../../find.ts';
import { checkIsOwn, requestedResource } from '../../names.ts';
import { onResource } from '../../permissions.ts';

export const getResourcePolicy = operation<DynamoDbClient, 'GetResourcePolicy', DynamoDbDeps>({
  name: 'GetResourcePolicy',
  state: 'strong-read',
  permission: onResource,
  handle({ ResourceArn }, call, deps) {
    checkIsOwn(requestedResource(ResourceArn, call), call);
    const { policy } = findResource(deps, call, ResourceArn);
    if (policy === undefined) throw noSuchPolicy(ResourceArn);
    return { Policy: policy.text, RevisionId: policy.revision };
  },
});
