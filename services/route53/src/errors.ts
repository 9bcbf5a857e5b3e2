/** Route 53's errors: the refusals of the state and what reads do not find, with the statuses of the model. */
import { AwsError } from '@stormglass/aws-wire';
import { noSuchCheck, noSuchZone, type Refusal, type Route53ErrorCode } from '@stormglass/hosted-zones';

// Complete, or it does not compile. `errors.test.ts` compares it with the model.
export const STATUS: Readonly<Record<Route53ErrorCode, number>> = {
  ConflictingDomainExists: 400,
  HealthCheckAlreadyExists: 409,
  HealthCheckInUse: 400,
  HealthCheckVersionMismatch: 409,
  HostedZoneAlreadyExists: 409,
  HostedZoneNotEmpty: 400,
  HostedZoneNotPrivate: 400,
  InvalidArgument: 400,
  InvalidChangeBatch: 400,
  InvalidDomainName: 400,
  InvalidInput: 400,
  InvalidPaginationToken: 400,
  InvalidVPCId: 400,
  LastVPCAssociation: 400,
  LimitsExceeded: 400,
  NoSuchChange: 404,
  NoSuchHealthCheck: 404,
  NoSuchHostedZone: 404,
  PublicZoneVPCAssociation: 400,
  TooManyHealthChecks: 400,
  TooManyHostedZones: 400,
  VPCAssociationNotFound: 404,
  // A zone that is still being deployed to; the client's retry reaches another one.
  UnknownCommand: 503,
};

export const route53Error = (code: Route53ErrorCode, message: string, messages?: readonly string[]): AwsError =>
  new AwsError(
    code === 'UnknownCommand' ? 'ServiceUnavailable' : code,
    STATUS[code],
    message,
    messages === undefined ? undefined : { messages },
  );

export const refusalError = ({ code, message, messages }: Refusal): AwsError => route53Error(code, message, messages);

export const invalidInput = (message: string): AwsError => route53Error('InvalidInput', message);

/** What exists in AWS and not here. */
export const notOffered = (what: string): AwsError => invalidInput(`${what} are not offered here.`);

export const noSuchHostedZone = (id: string): AwsError => route53Error('NoSuchHostedZone', noSuchZone(id));

export const noSuchHealthCheck = (id: string): AwsError => route53Error('NoSuchHealthCheck', noSuchCheck(id));
