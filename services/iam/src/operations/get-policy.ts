/** Shows a managed policy, without its document. */
import { operation } from '@stormglass/service-kit';
import { shownAwsPolicy } from '../aws-policies.ts';
import type { IamClient, IamDeps } from '../deps.ts';
import { findPolicy } from '../entities.ts';
import { onPolicy } from '../permissions.ts';
import { shownPolicy } from '../shapes.ts';

export const getPolicy = operation<IamClient, 'GetPolicy', IamDeps>({
  name: 'GetPolicy',
  state: 'strong-read',
  permission: onPolicy(),
  handle({ PolicyArn }, call, deps) {
    const found = findPolicy(deps, call, PolicyArn);
    if (found.owner === 'account') return { Policy: shownPolicy(found.policy) };
    return { Policy: shownAwsPolicy(deps.replica.view, call.accountId, found.policy) };
  },
});
