/** The rules of a bucket's lifecycle configuration, in the form that decisions are made from. */
import type { BucketLifecycleConfiguration, LifecycleRule as SdkRule } from '@aws-sdk/client-s3';
import { defined } from '@stormglass/base';
import type { Json, Tag } from '@stormglass/object-index';

export interface LifecycleRule {
  readonly id: string;
  readonly filter: LifecycleFilter;
  /** When current versions end: so many days after they were made, or at a moment (ms since the epoch). */
  readonly expiration?: { readonly days: number } | { readonly at: number };
  /** Delete markers that hide nothing are removed as soon as they are seen. */
  readonly removesLoneMarkers: boolean;
  readonly noncurrent?: { readonly days: number; readonly newerKept: number };
  /** Uploads that were begun so many days ago and never completed are aborted. */
  readonly abortDays?: number;
}

/** All that is said here must hold. */
export interface LifecycleFilter {
  readonly prefix: string;
  readonly tags: readonly Tag[];
  /** In bytes, both exclusive. */
  readonly largerThan: number;
  readonly smallerThan: number;
}

/**
 * The enabled rules of a configuration as PutBucketLifecycleConfiguration takes it (AWS S3 API Reference,
 * LifecycleRule), as it was or after a way through JSON. Transitions say nothing here: there is one kind of storage.
 */
export const lifecycleRules = (
  configuration: BucketLifecycleConfiguration | Json | undefined,
): readonly LifecycleRule[] =>
  ((configuration as BucketLifecycleConfiguration | null | undefined)?.Rules ?? [])
    .filter(rule => rule.Status === 'Enabled')
    .map(readRule);

function readRule(rule: SdkRule): LifecycleRule {
  const { Expiration, NoncurrentVersionExpiration: noncurrent, AbortIncompleteMultipartUpload: abort } = rule;
  return {
    id: rule.ID ?? '',
    filter: readFilter(rule),
    removesLoneMarkers: Expiration?.ExpiredObjectDeleteMarker === true,
    ...defined({
      expiration: readExpiration(Expiration),
      noncurrent:
        noncurrent?.NoncurrentDays === undefined
          ? undefined
          : { days: noncurrent.NoncurrentDays, newerKept: noncurrent.NewerNoncurrentVersions ?? 0 },
      abortDays: abort?.DaysAfterInitiation,
    }),
  };
}

function readExpiration(expiration: SdkRule['Expiration']): LifecycleRule['expiration'] | undefined {
  if (expiration?.Days !== undefined) return { days: expiration.Days };
  // A date that has been JSON is text.
  if (expiration?.Date !== undefined) return { at: new Date(expiration.Date).getTime() };
  return undefined;
}

function readFilter({ Prefix, Filter }: SdkRule): LifecycleFilter {
  const all = { ...Filter, ...Filter?.And };
  const tags = [...(Filter?.Tag === undefined ? [] : [Filter.Tag]), ...(Filter?.And?.Tags ?? [])];
  return {
    prefix: all.Prefix ?? Prefix ?? '',
    tags: tags.map(({ Key, Value }) => ({ key: Key ?? '', value: Value ?? '' })),
    largerThan: all.ObjectSizeGreaterThan ?? -1,
    smallerThan: all.ObjectSizeLessThan ?? Number.POSITIVE_INFINITY,
  };
}
