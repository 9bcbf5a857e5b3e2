/**
 * Condition keys of requests to S3 ("Condition keys for Amazon S3", Service Authorization Reference): what a request asks
 * for, how it was signed, and the tags of objects.
 */

import type { Tag } from '@stormglass/object-index';
import type { ConditionKeys, OpenCall } from '@stormglass/service-kit';

/** Members of inputs that conditions may ask about. */
const KEY_OF_MEMBER = {
  ACL: 's3:x-amz-acl',
  CopySource: 's3:x-amz-copy-source',
  Delimiter: 's3:delimiter',
  GrantFullControl: 's3:x-amz-grant-full-control',
  GrantRead: 's3:x-amz-grant-read',
  GrantReadACP: 's3:x-amz-grant-read-acp',
  GrantWrite: 's3:x-amz-grant-write',
  GrantWriteACP: 's3:x-amz-grant-write-acp',
  IfMatch: 's3:if-match',
  IfNoneMatch: 's3:if-none-match',
  MaxKeys: 's3:max-keys',
  MetadataDirective: 's3:x-amz-metadata-directive',
  ObjectLockLegalHoldStatus: 's3:object-lock-legal-hold',
  ObjectLockMode: 's3:object-lock-mode',
  ObjectLockRetainUntilDate: 's3:object-lock-retain-until-date',
  ObjectOwnership: 's3:x-amz-object-ownership',
  Prefix: 's3:prefix',
  SSECustomerAlgorithm: 's3:x-amz-server-side-encryption-customer-algorithm',
  SSEKMSKeyId: 's3:x-amz-server-side-encryption-aws-kms-key-id',
  ServerSideEncryption: 's3:x-amz-server-side-encryption',
  SessionMode: 's3express:SessionMode',
  StorageClass: 's3:x-amz-storage-class',
  VersionId: 's3:VersionId',
  WebsiteRedirectLocation: 's3:x-amz-website-redirect-location',
} as const;

const DAY_MS = 24 * 60 * 60 * 1000;

export type AskedInput = Readonly<Record<string, unknown>>;

/** The keys that follow from the request alone. */
export function requestKeys(input: AskedInput, call: OpenCall): ConditionKeys {
  const keys: Record<string, string | readonly string[] | undefined> = { ...signatureKeys(call), ...tagKeys(input) };
  for (const [member, key] of Object.entries(KEY_OF_MEMBER)) keys[key] = textOf(input[member]);
  const { ObjectLockRetainUntilDate: until, CreateBucketConfiguration: configuration } = input;
  if (until instanceof Date)
    keys['s3:object-lock-remaining-retention-days'] = String(Math.ceil((until.getTime() - call.now) / DAY_MS));
  keys['s3:locationconstraint'] = textOf((configuration as AskedInput | undefined)?.LocationConstraint);
  return keys;
}

function textOf(value: unknown): string | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

const AUTH_TYPES = { header: 'REST-HEADER', query: 'REST-QUERY-STRING', form: 'POST' } as const;

function signatureKeys({ signed, now }: OpenCall): ConditionKeys {
  if (signed === undefined) return {};
  return {
    's3:authType': AUTH_TYPES[signed.form],
    's3:signatureversion': signed.version === 4 ? 'AWS4-HMAC-SHA256' : 'AWS',
    's3:signatureAge': signed.at === undefined ? undefined : String(Math.max(0, now - signed.at)),
    's3:x-amz-content-sha256': signed.payloadHash,
  };
}

/** Tags that a request brings, in a header or in a document. */
function tagKeys({ Tagging }: AskedInput): ConditionKeys {
  const tags = requestTags(Tagging);
  if (tags === undefined) return {};
  return {
    's3:RequestObjectTagKeys': tags.map(({ key }) => key),
    ...Object.fromEntries(tags.map(({ key, value }) => [`s3:RequestObjectTag/${key}`, value])),
  };
}

function requestTags(tagging: unknown): readonly Tag[] | undefined {
  if (typeof tagging === 'string') return [...new URLSearchParams(tagging)].map(([key, value]) => ({ key, value }));
  const { TagSet } = (tagging ?? {}) as {
    readonly TagSet?: readonly { readonly Key?: string; readonly Value?: string }[];
  };
  return TagSet?.map(({ Key = '', Value = '' }) => ({ key: Key, value: Value }));
}

export const existingTagKeys = (tags: readonly Tag[]): ConditionKeys =>
  Object.fromEntries(tags.map(({ key, value }) => [`s3:ExistingObjectTag/${key}`, value]));
