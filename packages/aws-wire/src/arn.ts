/** Amazon Resource Names: `arn:partition:service:region:account:resource`. */
import { AwsError } from './aws-error.ts';

export interface Arn {
  readonly partition: string;
  readonly service: string;
  /** Empty for resources of global services, as is the account of public ones. */
  readonly region: string;
  readonly accountId: string;
  /** Everything after the fifth colon; it may contain colons itself. */
  readonly resource: string;
}

const ARN = /^arn:([a-z][a-z0-9-]*):([a-z0-9-]+):([a-z0-9-]*):(\d{12}|aws)?:(.+)$/s;

/** The parts of an ARN, or undefined when the text is not one. */
export function parseArn(text: string): Arn | undefined {
  const match = text.length <= 2048 ? ARN.exec(text) : null;
  if (match === null) return undefined;
  const [, partition = '', service = '', region = '', accountId = '', resource = ''] = match;
  return { partition, service, region, accountId, resource };
}

/** As `parseArn`, for callers that cannot go on without one. */
export function requireArn(text: string): Arn {
  const arn = parseArn(text);
  if (arn === undefined) throw new AwsError('ValidationError', 400, `ARN ${text.slice(0, 200)} is not valid.`);
  return arn;
}

export const formatArn = (arn: Omit<Arn, 'partition'> & { partition?: string }): string =>
  `arn:${arn.partition ?? 'aws'}:${arn.service}:${arn.region}:${arn.accountId}:${arn.resource}`;
