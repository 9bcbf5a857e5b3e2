/** Lists the versions of a managed policy, newest first. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { findPolicy, versionsOf } from '../entities.ts';
import { byPosition, pageMarks, pageOf, pageRequest } from '../paging.ts';
import { onPolicy } from '../permissions.ts';
import { listedVersion } from '../shapes.ts';

export const listPolicyVersions = operation<IamClient, 'ListPolicyVersions', IamDeps>({
  name: 'ListPolicyVersions',
  state: 'strong-read',
  permission: onPolicy(),
  handle(input, call, deps) {
    const versions = versionsOf(findPolicy(deps, call, input.PolicyArn));
    const page = pageOf(versions, byPosition, pageRequest('iam:ListPolicyVersions', input));
    return { Versions: page.items.map(listedVersion), ...pageMarks('iam:ListPolicyVersions', page) };
  },
});
