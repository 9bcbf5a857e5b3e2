/** Opting in to a region and out of it: the same but for the direction. */
import { hexId } from '@stormglass/base';
import type { Call } from '@stormglass/service-kit';
import type { AccountDeps } from './deps.ts';
import { conflict, unknownCommand } from './errors.ts';
import { chosenRegion, ownAccount } from './regions.ts';

interface Input {
  readonly AccountId?: string | undefined;
  readonly RegionName: string | undefined;
}

const CHANGE_ID_BYTES = 8;

/** @throws AwsError when the region cannot be chosen, or the opposite is under way */
export async function changeRegion(
  type: 'EnableRegion' | 'DisableRegion',
  { AccountId, RegionName = '' }: Input,
  call: Call,
  { replica, random }: AccountDeps,
): Promise<Record<string, never>> {
  const accountId = ownAccount(call, AccountId);
  const region = chosenRegion(call.partition, RegionName);
  const { commandId: id, deadline, trace } = call;
  const command = { type, accountId, region, changeId: hexId(random, CHANGE_ID_BYTES) };
  const result = await replica.execute(command, { id, deadline, trace });
  if (!result.ok) throw unknownCommand(result.message);
  const { isConflict, status } = result.value as { isConflict: boolean; status: string };
  if (isConflict) throw conflict(region, status);
  return {};
}
