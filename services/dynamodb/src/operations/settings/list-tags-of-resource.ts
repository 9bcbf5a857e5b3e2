/** Lists the tags of a table. */
import { operation } from '@stormglass/service-kit';
import type { DynamoDbClient, DynamoDbDeps } from '../../deps.ts';
import { findResource } from '../../find.ts';
import { checkIsOwn, requestedResource } from '../../names.ts';
import { onResource } from '../../permissions.ts';

export const listTagsOfResource = operation<DynamoDbClient, 'ListTagsOfResource', DynamoDbDeps>({
  name: 'ListTagsOfResource',
  state: 'strong-read',
  permission: onResource,
  gaps: ['All tags are on one page.'],
  handle({ ResourceArn }, call, deps) {
    checkIsOwn(requestedResource(ResourceArn, call), call);
    const { tags = [] } = findResource(deps, call, ResourceArn);
    return { Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })) };
  },
});
