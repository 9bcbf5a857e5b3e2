/** Shows all users, groups, roles and policies of the account, and how they hang together. */
import type { EntityType, GroupDetail, ManagedPolicyDetail, RoleDetail, UserDetail } from '@aws-sdk/client-iam';
import type { IamView, Page, PageRequest } from '@stormglass/identity';
import { operation } from '@stormglass/service-kit';
import { awsPolicyDetails, groupDetail, ownPolicyDetail, roleDetail, userDetail } from '../authorization-details.ts';
import type { IamClient, IamDeps } from '../deps.ts';
import { iamError } from '../errors.ts';
import { pageMarks, pageOf, pageRequest } from '../paging.ts';

const LIST = 'iam:GetAccountAuthorizationDetails';

export const getAccountAuthorizationDetails = operation<IamClient, 'GetAccountAuthorizationDetails', IamDeps>({
  name: 'GetAccountAuthorizationDetails',
  state: 'strong-read',
  permission: { resource: () => '*' },
  gaps: ['The use of roles is not recorded: `RoleLastUsed` is always empty.'],
  handle(input, { accountId }, { replica }) {
    const wanted = input.Filter === undefined || input.Filter.length === 0 ? undefined : new Set(input.Filter);
    const { afterKey, max } = pageRequest(LIST, input);
    let [place, after] = placeOf(afterKey);
    const shown: Details = { UserDetailList: [], GroupDetailList: [], RoleDetailList: [], Policies: [] };
    let left = max;
    for (; place < SECTIONS.length; place++) {
      const { type, page } = SECTIONS[place]!;
      if (wanted?.has(type) === false) continue;
      const { count, nextKey } = page(replica.view, accountId, { afterKey: after, max: left }, shown);
      // A page that is full asks the next section for nothing, to hear whether there is something.
      if (nextKey !== undefined) return { ...shown, ...pageMarks(LIST, { items: [], nextKey: `${place}/${nextKey}` }) };
      left -= count;
      after = undefined;
    }
    return { ...shown, IsTruncated: false };
  },
});

interface Details {
  readonly UserDetailList: UserDetail[];
  readonly GroupDetailList: GroupDetail[];
  readonly RoleDetailList: RoleDetail[];
  readonly Policies: ManagedPolicyDetail[];
}

/** The kinds of what is shown come one after the other. */
interface Section {
  readonly type: EntityType;
  /** Adds one page to `shown`. */
  readonly page: (
    view: IamView,
    accountId: string,
    request: PageRequest,
    shown: Details,
  ) => { readonly count: number; readonly nextKey?: string | undefined };
}

const section = <Item, Shown>(
  type: EntityType,
  list: (view: IamView, accountId: string, request: PageRequest) => Page<Item>,
  show: (item: Item, view: IamView) => Shown,
  into: (shown: Details) => Shown[],
): Section => ({
  type,
  page(view, accountId, request, shown) {
    const { items, nextKey } = list(view, accountId, request);
    into(shown).push(...items.map(item => show(item, view)));
    return { count: items.length, nextKey };
  },
});

const SECTIONS: readonly Section[] = [
  section(
    'User',
    (view, accountId, request) => view.listUsers(accountId, request),
    userDetail,
    shown => shown.UserDetailList,
  ),
  section(
    'Group',
    (view, accountId, request) => view.listGroups(accountId, request),
    groupDetail,
    shown => shown.GroupDetailList,
  ),
  section(
    'Role',
    (view, accountId, request) => view.listRoles(accountId, request),
    (role, view) => roleDetail(view, role),
    shown => shown.RoleDetailList,
  ),
  section(
    'LocalManagedPolicy',
    (view, accountId, request) => view.listPolicies(accountId, request),
    ownPolicyDetail,
    shown => shown.Policies,
  ),
  section(
    'AWSManagedPolicy',
    (view, accountId, request) =>
      pageOf(awsPolicyDetails(view, accountId), ({ PolicyName }) => PolicyName!.toLowerCase(), request),
    policy => policy,
    shown => shown.Policies,
  ),
];

/** A marker holds the section and the key in it; an empty key is its beginning. */
function placeOf(marker: string | undefined): [place: number, afterKey: string | undefined] {
  if (marker === undefined) return [0, undefined];
  const slash = marker.indexOf('/');
  const place = Number(marker.slice(0, slash));
  if (slash < 0 || !Number.isInteger(place)) throw iamError('ValidationError', 'Invalid Marker.');
  return [place, marker.slice(slash + 1) || undefined];
}
