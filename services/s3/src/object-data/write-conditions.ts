/** Conditions of writes as requests name them. Whether they hold is decided in the state. */
import type { WriteConditions } from '@stormglass/object-index';
import { unquoted } from '../conditions.ts';
import { s3Error } from '../errors.ts';

export interface NamedConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
}

/**
 * Only the two forms that S3 takes: an ETag, or that there is nothing yet.
 * @throws AwsError NotImplemented
 */
export function writeConditions({ IfMatch, IfNoneMatch }: NamedConditions): WriteConditions {
  if (IfMatch !== undefined && IfNoneMatch !== undefined)
    throw notTaken('If-Match,If-None-Match', 'Multiple conditional request headers present in the request');
  if (IfNoneMatch !== undefined && IfNoneMatch !== '*') throw notTaken('If-None-Match', valueNotTaken('If-None-Match'));
  if (IfMatch === '*') throw notTaken('If-Match', valueNotTaken('If-Match'));
  return {
    ...(IfMatch === undefined ? {} : { ifMatch: unquoted(IfMatch) }),
    ...(IfNoneMatch === undefined ? {} : { ifNoneMatch: '*' }),
  };
}

const valueNotTaken = (header: string) => `We don't accept the provided value of ${header} header for this API`;

const notTaken = (Header: string, additionalMessage: string) =>
  s3Error('NotImplemented', { Header, additionalMessage });
