/**
 * What operations on groups, instance profiles, providers and service-linked roles must be allowed on; those on users,
 * roles and policies are in `permissions.ts`. Every member of an input may be missing here.
 */
import { iamArn, issuerName, serviceLinkedName, serviceLinkedPath } from '@stormglass/identity';
import type { Caller } from '@stormglass/service-kit';
import { arnOf, type Keys, type Permission, tagged, tagKeys } from './permissions.ts';

interface GroupInput {
  readonly GroupName?: string | undefined;
}
interface ProfileInput {
  readonly InstanceProfileName?: string | undefined;
}
interface ProviderInput {
  readonly OpenIDConnectProviderArn?: string | undefined;
}

/** An existing group. */
export const onGroup = <Own = unknown>(own?: Keys<Own>): Permission<GroupInput & Own> => ({
  resource: ({ GroupName = '' }, caller, { replica }) =>
    replica.view.group(caller.accountId, GroupName)?.arn ?? arnOf('group', caller, '/', GroupName),
  context: input => ({ ...own?.(input) }),
});

/** A group that is to move: it must be allowed where it is and where it goes. */
export const onMovedGroup: Permission<
  GroupInput & { readonly NewGroupName?: string | undefined; readonly NewPath?: string | undefined }
> = {
  resource({ GroupName = '', NewGroupName, NewPath }, caller, { replica }) {
    const group = replica.view.group(caller.accountId, GroupName);
    const { name, path } = group ?? { name: GroupName, path: '/' };
    return [arnOf('group', caller, path, name), arnOf('group', caller, NewPath ?? path, NewGroupName ?? name)];
  },
};

export const onInstanceProfile = <Own = unknown>(own?: Keys<Own>): Permission<ProfileInput & Own> => ({
  resource: ({ InstanceProfileName: name = '' }, caller, { replica }) =>
    replica.view.instanceProfile(caller.accountId, name)?.arn ?? arnOf('instance-profile', caller, '/', name),
  context: (input, caller, { replica }) => ({
    ...tagKeys(replica.view.instanceProfile(caller.accountId, input.InstanceProfileName ?? '')),
    ...own?.(input),
  }),
});

export const onOidcProvider = <Own = unknown>(own?: Keys<Own>): Permission<ProviderInput & Own> => ({
  resource: ({ OpenIDConnectProviderArn = '*' }) => OpenIDConnectProviderArn,
  context(input, caller, { replica }) {
    const provider = replica.view.oidcProvider(input.OpenIDConnectProviderArn ?? '');
    return { ...(provider?.accountId === caller.accountId ? tagKeys(provider) : {}), ...own?.(input) };
  },
});

export const onNewOidcProvider: Permission<{ readonly Url?: string | undefined } & Parameters<typeof tagged>[0]> = {
  resource: ({ Url = '' }, caller) => providerArn('oidc-provider', caller, Url.includes('://') ? issuerName(Url) : Url),
  context: tagged,
};

/** All providers of a kind. */
export const onAllProviders = (kind: 'oidc-provider' | 'saml-provider'): Permission<unknown> => ({
  resource: (_input, caller) => providerArn(kind, caller, '*'),
});

/** All server certificates under a path. */
export const onAllServerCertificates: Permission<{ readonly PathPrefix?: string | undefined }> = {
  resource: ({ PathPrefix = '/' }, caller) => providerArn('server-certificate', caller, `${PathPrefix.slice(1)}*`),
};

/** The role that a service would get. */
export const onNewServiceLinkedRole: Permission<{
  readonly AWSServiceName?: string | undefined;
  readonly CustomSuffix?: string | undefined;
}> = {
  resource({ AWSServiceName: service = '', CustomSuffix }, { partition, accountId }) {
    const { name = '' } = serviceLinkedName(service) ?? {};
    const suffix = CustomSuffix === undefined ? '' : `_${CustomSuffix}`;
    return iamArn(partition, accountId, 'role', serviceLinkedPath(service), `${name}${suffix}`);
  },
  context: ({ AWSServiceName }) => ({ 'iam:AWSServiceName': AWSServiceName }),
};

/** The role that a deletion task, `task/aws-service-role/service/role/uuid`, is or was about. */
export const onDeletionTask: Permission<{ readonly DeletionTaskId?: string | undefined }> = {
  resource({ DeletionTaskId = '' }, caller) {
    const [, , service = '', role = ''] = DeletionTaskId.split('/');
    return arnOf('role', caller, serviceLinkedPath(service), role);
  },
};

const providerArn = (kind: string, { partition, accountId }: Caller, name: string): string =>
  `arn:${partition}:iam::${accountId}:${kind}/${name}`;
