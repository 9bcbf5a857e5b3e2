/**
 * What the operations of Route 53 must be allowed on, and with which condition keys (Service Authorization Reference,
 * "Amazon Route 53"). Permissions are asked before the input is validated, so every member may be missing here.
 */
import { canonicalName, NameProblem } from '@stormglass/hosted-zones';
import type { Caller, ConditionKeys, RequiredPermission } from '@stormglass/service-kit';
import type { Route53Deps } from './deps.ts';
import { plainId } from './ids.ts';

type Permission<Input> = RequiredPermission<Input, Route53Deps>;

const arnOf = (kind: string, { partition }: Pick<Caller, 'partition'>, id: string): string =>
  `arn:${partition}:route53:::${kind}/${plainId(id)}`;

export const onEverything: Permission<unknown> = { resource: () => '*' };

export const onZone: Permission<{ readonly Id?: string | undefined; readonly HostedZoneId?: string | undefined }> = {
  resource: ({ Id, HostedZoneId = Id ?? '*' }, caller) => arnOf('hostedzone', caller, HostedZoneId),
};

export const onHealthCheck: Permission<{ readonly HealthCheckId?: string | undefined }> = {
  resource: ({ HealthCheckId = '*' }, caller) => arnOf('healthcheck', caller, HealthCheckId),
};

export const onChange: Permission<{ readonly Id?: string | undefined }> = {
  resource: ({ Id = '*' }, caller) => arnOf('change', caller, Id),
};

export const onTagged: Permission<{
  readonly ResourceType?: string | undefined;
  readonly ResourceId?: string | undefined;
  readonly ResourceIds?: readonly string[] | undefined;
}> = {
  resource: ({ ResourceType = '*', ResourceId = '*', ResourceIds = [ResourceId] }, caller) =>
    ResourceIds.map(id => arnOf(ResourceType, caller, id)),
};

interface BatchInput {
  readonly HostedZoneId?: string | undefined;
  readonly ChangeBatch?:
    | {
        readonly Changes?:
          | readonly {
              readonly Action?: string | undefined;
              readonly ResourceRecordSet?:
                | { readonly Name?: string | undefined; readonly Type?: string | undefined }
                | undefined;
            }[]
          | undefined;
      }
    | undefined;
}

/** Changes of record sets may be limited to names, types and actions. */
export const onRecordSets: Permission<BatchInput> = {
  resource: ({ HostedZoneId = '*' }, caller) => arnOf('hostedzone', caller, HostedZoneId),
  context({ ChangeBatch }): ConditionKeys {
    const changes = ChangeBatch?.Changes ?? [];
    const each = (read: (change: (typeof changes)[number]) => string | undefined) => [
      ...new Set(changes.map(change => read(change) ?? '')),
    ];
    return {
      'route53:ChangeResourceRecordSetsNormalizedRecordNames': each(change =>
        normalized(change.ResourceRecordSet?.Name ?? ''),
      ),
      'route53:ChangeResourceRecordSetsRecordTypes': each(change => change.ResourceRecordSet?.Type),
      'route53:ChangeResourceRecordSetsActions': each(change => change.Action),
    };
  },
};

/** Without the last dot, as the condition key has names. */
function normalized(name: string): string {
  try {
    return canonicalName(name).slice(0, -1);
  } catch (error) {
    if (error instanceof NameProblem) return name;
    throw error;
  }
}

/** Private zones may be limited to VPCs. */
export const onVpc: Permission<{
  readonly HostedZoneId?: string | undefined;
  readonly VPC?: { readonly VPCId?: string | undefined; readonly VPCRegion?: string | undefined } | undefined;
}> = {
  // A zone that is about to be made has no name in policies yet.
  resource: ({ HostedZoneId }, caller) =>
    HostedZoneId === undefined ? '*' : arnOf('hostedzone', caller, HostedZoneId),
  context: ({ VPC }) => ({
    'route53:VPCs': VPC === undefined ? undefined : [`VPCId=${VPC.VPCId ?? ''},VPCRegion=${VPC.VPCRegion ?? ''}`],
  }),
};
