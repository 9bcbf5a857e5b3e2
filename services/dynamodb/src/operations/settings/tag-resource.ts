/** Puts tags on a table. */
import { operation } from '@stormglass/service-kit';
import type { DynamoDbClient, DynamoDbDeps } from '../../deps.ts';
import { validationError } from '../../errors.ts';
import { givenTags } from '../../given.ts';
import { onResource } from '../../permissions.ts';
import { changeTags } from '../../tags.ts';

export const tagResource = operation<DynamoDbClient, 'TagResource', DynamoDbDeps>({
  name: 'TagResource',
  state: 'write',
  permission: onResource,
  async handle({ ResourceArn, Tags }, call, deps) {
    if (Tags.length === 0) throw validationError('Atleast one Tag needs to be provided as Input.');
    await changeTags(deps, call, ResourceArn, { add: givenTags(Tags), remove: [] });
    return {};
  },
});
