/** What IAM's operations work on: the zone's replica of the IAM state, and chance for ids and secrets. */
import type { Random } from '@stormglass/base';
import type { CommandOf, IamCommand, IamLog, ValueOf } from '@stormglass/identity';
import type { Call } from '@stormglass/service-kit';
import { refusalError } from './errors.ts';

/** The official client, whose types say what each operation takes and answers. */
export type IamClient = typeof import('@aws-sdk/client-iam');

export interface IamDeps {
  readonly replica: IamLog;
  readonly random: Random;
}

/**
 * Executes a command for a call and returns what it made. A retried call gets the value of its first attempt, so
 * answers are built from the value alone, never from what this attempt drew.
 * @throws AwsError when the state refuses it
 */
export async function execute<Type extends IamCommand['type']>(
  deps: IamDeps,
  call: Call,
  command: { readonly type: Type } & CommandOf<Type>,
): Promise<ValueOf<Type>> {
  const { commandId: id, deadline, trace } = call;
  const result = await deps.replica.execute(command, { id, deadline, trace });
  if (!result.ok) throw refusalError(result);
  return result.value as ValueOf<Type>;
}
