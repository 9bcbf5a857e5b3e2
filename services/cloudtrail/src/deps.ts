/** What the operations of CloudTrail work on: the zone's replica of its state. */
import type { Replica } from '@stormglass/replicated-state';
import type { Call } from '@stormglass/service-kit';
import type { DeliverLog } from './delivery/trail-buckets.ts';
import { refusalError } from './errors.ts';
import type { CloudTrailCommand, TrailCommand } from './state/commands.ts';
import type { CloudTrailResult } from './state/result.ts';
import type { CloudTrailView } from './state/state.ts';
import type { Trail } from './state/trail.ts';

/** The official client, whose types say what each operation takes and answers. */
export type CloudTrailClient = typeof import('@aws-sdk/client-cloudtrail');

export type CloudTrailReplica = Replica<CloudTrailCommand, CloudTrailResult, CloudTrailView>;

export interface CloudTrailDeps {
  readonly replica: CloudTrailReplica;
  /** Without it there is no object store, and trails deliver nothing. */
  readonly deliver?: DeliverLog | undefined;
}

/**
 * Executes a command for a call and returns the trail as it is now, or was last.
 * @throws AwsError when the state refuses it
 */
export async function execute({ replica }: CloudTrailDeps, call: Call, command: TrailCommand): Promise<Trail> {
  const { commandId: id, deadline, trace } = call;
  const result = await replica.execute(command, { id, deadline, trace });
  if (!result.ok) throw refusalError(result);
  return result.trail!;
}
