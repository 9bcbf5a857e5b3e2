/** Takes tags off a table. */
import { operation } from '@stormglass/service-kit';
import type { DynamoDbClient, DynamoDbDeps } from '../../deps.ts';
import { validationError } from '../../errors.ts';
import { onResource } from '../../permissions.ts';
import { changeTags } from '../../tags.ts';

export const untagResource = operation<DynamoDbClient, 'UntagResource', DynamoDbDeps>({
  name: 'UntagResource',
  state: 'write',
  permission: onResource,
  async handle({ ResourceArn, TagKeys }, call, deps) {
    if (TagKeys.length === 0) throw validationError('Atleast one Tag Key needs to be provided as Input.');
    await changeTags(deps, call, ResourceArn, { add: [], remove: TagKeys });
    return {};
  },
});
