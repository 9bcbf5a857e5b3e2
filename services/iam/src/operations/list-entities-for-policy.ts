/** Lists the users, groups and roles that have a managed policy, attached or as their boundary. */
import type { IamView, IdentityRecord } from '@stormglass/identity';
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { findPolicy } from '../entities.ts';
import { pageMarks, pageOf, pageRequest } from '../paging.ts';
import { onPolicy } from '../permissions.ts';

export const listEntitiesForPolicy = operation<IamClient, 'ListEntitiesForPolicy', IamDeps>({
  name: 'ListEntitiesForPolicy',
  state: 'strong-read',
  permission: onPolicy(),
  handle(input, call, deps) {
    const { PathPrefix = '/', EntityFilter, PolicyUsageFilter } = input;
    const { arn } = findPolicy(deps, call, input.PolicyArn).policy;
    const entities = entitiesWith(deps.replica.view, call.accountId, arn, PolicyUsageFilter).filter(
      ({ kind, path }) => path.startsWith(PathPrefix) && (EntityFilter === undefined || EntityFilter === NAMES[kind]),
    );
    const keyOf = (entity: IdentityRecord) => `${entity.kind}/${entity.name.toLowerCase()}`;
    const page = pageOf(entities, keyOf, pageRequest('iam:ListEntitiesForPolicy', input));
    const ofKind = (kind: IdentityRecord['kind']) => page.items.filter(entity => entity.kind === kind);
    return {
      PolicyGroups: ofKind('group').map(({ name, id }) => ({ GroupName: name, GroupId: id })),
      PolicyUsers: ofKind('user').map(({ name, id }) => ({ UserName: name, UserId: id })),
      PolicyRoles: ofKind('role').map(({ name, id }) => ({ RoleName: name, RoleId: id })),
      ...pageMarks('iam:ListEntitiesForPolicy', page),
    };
  },
});

const NAMES = { user: 'User', group: 'Group', role: 'Role' } as const;

/** Each entity once, even when it has the policy both ways. */
function entitiesWith(view: IamView, accountId: string, arn: string, usage: string | undefined): IdentityRecord[] {
  const attachments = usage === 'PermissionsBoundary' ? [] : view.entitiesWith(accountId, arn, 'attachment');
  const bounded = usage === 'PermissionsPolicy' ? [] : view.entitiesWith(accountId, arn, 'boundary');
  return [...new Set([...attachments, ...bounded])];
}
