/** Answers of the state of Route 53: what a command made, or why it is refused, in AWS's own words. */
import { type Accepted, accepted, Refused } from '@stormglass/replicated-state/command-result';
import type { CommandOf, Route53Command } from './commands.ts';
import type { Change, HealthCheck, HostedZone } from './records.ts';

export { type Accepted, accepted, Refused };

export type Route53ErrorCode =
  | 'ConflictingDomainExists'
  | 'HealthCheckAlreadyExists'
  | 'HealthCheckInUse'
  | 'HealthCheckVersionMismatch'
  | 'HostedZoneAlreadyExists'
  | 'HostedZoneNotEmpty'
  | 'HostedZoneNotPrivate'
  | 'InvalidArgument'
  | 'InvalidChangeBatch'
  | 'InvalidDomainName'
  | 'InvalidInput'
  | 'InvalidPaginationToken'
  | 'InvalidVPCId'
  | 'LastVPCAssociation'
  | 'LimitsExceeded'
  | 'NoSuchChange'
  | 'NoSuchHealthCheck'
  | 'NoSuchHostedZone'
  | 'PublicZoneVPCAssociation'
  | 'TooManyHealthChecks'
  | 'TooManyHostedZones'
  | 'UnknownCommand'
  | 'VPCAssociationNotFound';

export interface Refusal {
  readonly ok: false;
  readonly code: Route53ErrorCode;
  readonly message: string;
  /** Everything that is wrong with a batch of changes. */
  readonly messages?: readonly string[];
}

/** A hosted zone and the change that made it what it is. */
export interface ChangedZone {
  readonly zone: HostedZone;
  readonly change: Change;
}

/** What each command answers when it is accepted; commands not named here answer null. */
interface Values {
  CreateHostedZone: ChangedZone;
  UpdateHostedZoneComment: HostedZone;
  DeleteHostedZone: Change;
  AssociateVpc: Change;
  DisassociateVpc: Change;
  ChangeRecordSets: Change;
  /** The one with the same reference and settings, if there was one. */
  CreateHealthCheck: HealthCheck;
  UpdateHealthCheck: HealthCheck;
}

export type ValueOf<Type extends Route53Command['type']> = Type extends keyof Values ? Values[Type] : null;

/** The result of a command; `Route53Result<'CreateHostedZone'>` names the value of one type. */
export type Route53Result<Type extends Route53Command['type'] = Route53Command['type']> =
  | Accepted<ValueOf<Type>>
  | Refusal;

/** The log's part in a command. */
export interface LogPlace {
  readonly seq: number;
  /** Log time, in ms since the epoch. */
  readonly now: number;
}

/** Applies one type of command. */
export type Applier<Type extends Route53Command['type'], Tables> = (
  tables: Tables,
  command: CommandOf<Type>,
  at: LogPlace,
) => Route53Result<Type>;

export function refuse(code: Route53ErrorCode, message: string): never {
  throw new Refused<Refusal>({ ok: false, code, message });
}

/** Refuses a batch for everything that is wrong with it. */
export function refuseBatch(messages: readonly string[]): never {
  throw new Refused<Refusal>({ ok: false, code: 'InvalidChangeBatch', message: `[${messages.join(', ')}]`, messages });
}
