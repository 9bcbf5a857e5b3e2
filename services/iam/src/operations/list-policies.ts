/** Lists managed policies: those of the account, then those of AWS. */
import type { Policy } from '@aws-sdk/client-iam';
import type { IamView, Page } from '@stormglass/identity';
import { operation } from '@stormglass/service-kit';
import { listedAwsPolicies } from '../aws-policies.ts';
import type { IamClient, IamDeps } from '../deps.ts';
import { pageMarks, pageOf, pageRequest } from '../paging.ts';
import { listedPolicy } from '../shapes.ts';

export const listPolicies = operation<IamClient, 'ListPolicies', IamDeps>({
  name: 'ListPolicies',
  state: 'strong-read',
  permission: { resource: ({ PathPrefix = '/' }) => `policy path ${PathPrefix}` },
  gaps: ['Of the policies that AWS manages, the ones that nearly every account uses are built in.'],
  handle(input, call, deps) {
    const { Scope = 'All', PathPrefix, OnlyAttached = false, PolicyUsageFilter } = input;
    const { view } = deps.replica;
    const policies = [
      ...(Scope === 'AWS' ? [] : ownPolicies(view, call.accountId)),
      ...(Scope === 'Local' ? [] : listedAwsPolicies(view, call.accountId)),
    ].filter(
      policy =>
        (PathPrefix === undefined || policy.Path!.startsWith(PathPrefix)) &&
        (!OnlyAttached || policy.AttachmentCount! > 0) &&
        (PolicyUsageFilter !== 'PermissionsPolicy' || policy.AttachmentCount! > 0) &&
        (PolicyUsageFilter !== 'PermissionsBoundary' || policy.PermissionsBoundaryUsageCount! > 0),
    );
    const page: Page<Policy> = pageOf(policies, placeOf, pageRequest('iam:ListPolicies', input));
    return { Policies: [...page.items], ...pageMarks('iam:ListPolicies', page) };
  },
});

const ownPolicies = (view: IamView, accountId: string): Policy[] =>
  view.listPolicies(accountId, { max: Number.POSITIVE_INFINITY }).items.map(listedPolicy);

/** Names differ within an account and among AWS's own, not across the two. */
const placeOf = ({ Arn, PolicyName }: Policy): string =>
  `${Arn!.includes('::aws:') ? 'aws' : 'account'}/${PolicyName!.toLowerCase()}`;
