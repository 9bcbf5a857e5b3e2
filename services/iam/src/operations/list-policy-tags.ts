/** Lists the tags of a managed policy. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { findOwnPolicy } from '../entities.ts';
import { byPosition, pageMarks, pageOf, pageRequest } from '../paging.ts';
import { onPolicy } from '../permissions.ts';
import { shownTags } from '../shapes.ts';

export const listPolicyTags = operation<IamClient, 'ListPolicyTags', IamDeps>({
  name: 'ListPolicyTags',
  state: 'strong-read',
  permission: onPolicy(),
  handle(input, call, deps) {
    const { tags } = findOwnPolicy(deps, call, input.PolicyArn);
    const page = pageOf(tags, byPosition, pageRequest('iam:ListPolicyTags', input));
    return { Tags: shownTags(page.items), ...pageMarks('iam:ListPolicyTags', page) };
  },
});
