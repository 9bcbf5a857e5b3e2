/**
 * ARNs of the authority and its certificates. Every account sees the region's authority as its own, under an id that
 * follows from partition and region, so that no zone has to ask for it.
 */
import { hash } from 'node:crypto';
import { parseArn } from '@stormglass/aws-wire';
import type { Caller } from '@stormglass/service-kit';
import { authorityNotFound, certificateNotFound, invalidArn } from './errors.ts';

type Place = Pick<Caller, 'partition' | 'region' | 'accountId'>;

/** The ARN of the authority, as the caller's account has it. */
export function authorityArn({ partition, region, accountId }: Place): string {
  const digits = hash('sha256', `stormglass acm-pca ${partition} ${region}`);
  // The form of a random UUID: version and variant are where readers of UUIDs look for them.
  const parts = [digits.slice(0, 8), digits.slice(8, 12), `4${digits.slice(13, 16)}`, `8${digits.slice(17, 20)}`];
  const id = `${parts.join('-')}-${digits.slice(20, 32)}`;
  return `arn:${partition}:acm-pca:${region}:${accountId}:certificate-authority/${id}`;
}

export const certificateArn = (caller: Place, serial: string): string =>
  `${authorityArn(caller)}/certificate/${serial.toLowerCase()}`;

/** @throws AwsError when `arn` is none of an authority, or names another one */
export function requireAuthority(arn: string, caller: Place): void {
  const parsed = parseArn(arn);
  if (parsed?.service !== 'acm-pca' || !/^certificate-authority\/[\w-]+$/.test(parsed.resource)) throw invalidArn(arn);
  if (arn !== authorityArn(caller)) throw authorityNotFound(arn);
}

/** The serial in the ARN of a certificate. @throws AwsError when it is none, or one of another authority */
export function requireSerial(arn: string, caller: Place): string {
  const parsed = parseArn(arn);
  const [, serial] =
    /^certificate-authority\/[\w-]+\/certificate\/([0-9a-f]{1,40})$/.exec(parsed?.resource ?? '') ?? [];
  if (parsed?.service !== 'acm-pca' || serial === undefined) throw invalidArn(arn);
  if (arn !== certificateArn(caller, serial)) throw certificateNotFound(arn);
  return serial;
}
