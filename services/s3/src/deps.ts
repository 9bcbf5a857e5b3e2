/** What the operations of S3 work on: the zone's replica of the index, the bytes of objects, and who may do what. */

import type { Clock, Logger, Random } from '@stormglass/base';
import type { ObjectBytes } from '@stormglass/blob-store';
import type { ObjectCommand, ObjectIndexView, ObjectResult, ValueOf } from '@stormglass/object-index';
import type { Replica } from '@stormglass/replicated-state';
import type { IamReplica, OpenCall } from '@stormglass/service-kit';
import { refusalError } from './errors.ts';

/** The official client, whose types say what each operation takes and answers. */
export type S3Client = typeof import('@aws-sdk/client-s3');

export type ObjectReplica = Replica<ObjectCommand, ObjectResult, ObjectIndexView>;

export interface S3Deps {
  readonly index: ObjectReplica;
  readonly bytes: ObjectBytes;
  readonly iam: IamReplica;
  readonly random: Random;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly region: string;
  /** Id of this zone, such as `use1-az1`. */
  readonly zone: string;
  /** Ids of all zones of the region: those that directory buckets may be in. */
  readonly zones: readonly string[];
  /** The other region of the partition that has a bucket of this name; without it there are no other regions. */
  bucketRegion?(name: string): Promise<string | undefined>;
  /** How long a day is for lifecycle rules, in ms. */
  readonly lifecycleDayMs: number;
}

/**
 * Executes a command for a call and returns what it made. A retried call gets the value of its first attempt, so
 * answers are built from the value alone, never from what this attempt drew.
 * @throws AwsError when the state refuses it; LogUnavailable
 */
export async function execute<Command extends ObjectCommand>(
  { index }: Pick<S3Deps, 'index'>,
  call: Pick<OpenCall, 'commandId' | 'deadline' | 'trace'>,
  command: Command,
): Promise<ValueOf<Command['type']>> {
  const { commandId: id, deadline, trace } = call;
  const result = await index.execute(command, { id, deadline, trace });
  if (!result.ok) throw refusalError(result);
  return result.value as ValueOf<Command['type']>;
}
