/** What the operations of Route 53 work on: the zone's replica of its state, answers made from it, and what its checkers see. */
import type { Random } from '@stormglass/base';
import type { HostedZonesView, Route53Command, Route53Result, ValueOf, ZoneLookup } from '@stormglass/hosted-zones';
import type { Replica } from '@stormglass/replicated-state';
import type { Call } from '@stormglass/service-kit';
import { refusalError } from './errors.ts';
import type { HealthObservations } from './health-checkers/observation.ts';

/** The official client, whose types say what each operation takes and answers. */
export type Route53Client = typeof import('@aws-sdk/client-route-53');

export type Route53Replica = Replica<Route53Command, Route53Result, HostedZonesView>;

export interface Route53Deps {
  readonly replica: Route53Replica;
  readonly random: Random;
  /** Name servers of every public zone, without the last dot. */
  readonly nameServers: readonly string[];
  readonly lookup: ZoneLookup;
  readonly observations: HealthObservations;
}

/**
 * Executes a command for a call and returns what it made. A retried call gets the value of its first attempt, so
 * answers are built from the value alone, never from what this attempt drew.
 * @throws AwsError when the state refuses it
 */
export async function execute<Command extends Route53Command>(
  { replica }: Pick<Route53Deps, 'replica'>,
  call: Call,
  command: Command,
): Promise<ValueOf<Command['type']>> {
  const { commandId: id, deadline, trace } = call;
  const result = await replica.execute(command, { id, deadline, trace });
  if (!result.ok) throw refusalError(result);
  return result.value as ValueOf<Command['type']>;
}
