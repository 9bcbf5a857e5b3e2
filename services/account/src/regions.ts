/** What the operations on regions have in common: which regions there are, how one stands, and who may ask. */
import { isDefaultRegion, regionsOf } from '@stormglass/base';
import type { IamView, RegionOptIn } from '@stormglass/identity';
import type { Call, Caller, ConditionKeys, RequiredPermission } from '@stormglass/service-kit';
import type { AccountDeps } from './deps.ts';
import { invalidTarget, notAMember } from './errors.ts';

type Status = RegionOptIn['status'] | 'DISABLED' | 'ENABLED_BY_DEFAULT';

interface AboutRegion {
  readonly RegionName?: string | undefined;
}

export const onAccount = <Input extends AboutRegion | object>(): RequiredPermission<Input, AccountDeps> => ({
  resource: (_input, { partition, accountId }: Caller) => `arn:${partition}:account::${accountId}:account`,
  context: (input): ConditionKeys => ({
    'account:TargetRegion': 'RegionName' in input ? input.RegionName : undefined,
  }),
});

export const statusOf = (view: IamView, accountId: string, region: string): Status =>
  isDefaultRegion(region) ? 'ENABLED_BY_DEFAULT' : (view.regionOptIn(accountId, region)?.status ?? 'DISABLED');

/** @throws AwsError when the partition has no such region */
export function existingRegion(partition: string, region: string): string {
  if (!regionsOf(partition).includes(region)) throw invalidTarget(`There is no region ${region} in this partition.`);
  return region;
}

/** @throws AwsError when accounts cannot choose whether they use the region */
export function chosenRegion(partition: string, region: string): string {
  existingRegion(partition, region);
  if (isDefaultRegion(region))
    throw invalidTarget(`The region ${region} is enabled by default and can be neither enabled nor disabled.`);
  return region;
}

/**
 * The account of the caller; without organizations nobody speaks for another one.
 * @throws AwsError when another account is named, or the caller's own, which AWS does not take either
 */
export function ownAccount({ accountId }: Call, named: string | undefined): string {
  if (named !== undefined) throw notAMember(named);
  return accountId;
}
