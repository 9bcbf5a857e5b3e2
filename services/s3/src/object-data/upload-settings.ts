/** What a request says of the object that it makes, beside its bytes. The same for puts, copies, uploads and forms. */

import type { BodyKey } from '@stormglass/blob-store';
import type { Bucket, Encryption, Json, ObjectSettings, Retention } from '@stormglass/object-index';
import type { OpenCall } from '@stormglass/service-kit';
import { bodyKeyOf, type CustomerKey, encryptionOf, uploadKey } from '../encryption.ts';
import { invalidArgument } from '../errors.ts';
import type { HeaderValue, UploadHead } from '../headers/header-value.ts';
import { uploadedHeaders } from '../headers/object-headers.ts';
import { storageClassHeader } from '../headers/storage-class.ts';
import { taggingHeader } from '../headers/tagging.ts';
import { newObjectAcl } from '../policies/acl-rules.ts';
import { objectOwnership } from '../policies/bucket-settings.ts';

export interface UploadSettings {
  readonly settings: ObjectSettings;
  /** Account. */
  readonly owner: string;
  readonly encryption: Encryption;
  readonly bodyKey: BodyKey;
}

/** @throws AwsError for what S3 does not take */
export function uploadSettings(
  head: UploadHead,
  bucket: Bucket,
  call: Pick<OpenCall, 'accountId' | 'now'>,
): UploadSettings {
  const { header } = head;
  const customer = uploadKey(header);
  const owner = ownerOf(bucket, call, header('x-amz-acl'));
  const tags = taggingHeader(header('x-amz-tagging'));
  const acl = newObjectAcl(aclRequest(header), bucket, owner);
  return {
    settings: {
      storageClass: storageClassHeader(header('x-amz-storage-class'), bucket),
      ...uploadedHeaders(head),
      ...(tags.length === 0 ? {} : { tags }),
      ...(acl === undefined ? {} : { acl: acl as unknown as Json }),
      ...lockSettings(header, call.now),
    },
    owner,
    ...keysOf(customer),
  };
}

export const keysOf = (customer: CustomerKey | undefined): Pick<UploadSettings, 'encryption' | 'bodyKey'> => ({
  encryption: encryptionOf(customer),
  bodyKey: bodyKeyOf(customer),
});

/** What is locked from the beginning. Whether the bucket locks at all is known to the state. */
export function lockSettings(
  header: HeaderValue,
  now: number,
): { readonly retention?: Retention; readonly legalHold?: boolean } {
  const hold = header('x-amz-object-lock-legal-hold');
  if (hold !== undefined && hold !== 'ON' && hold !== 'OFF')
    throw invalidArgument("Legal Hold must be either of 'ON' or 'OFF'", 'x-amz-object-lock-legal-hold', hold);
  const retention = givenRetention(header, now);
  return { ...(retention && { retention }), ...(hold === undefined ? {} : { legalHold: hold === 'ON' }) };
}

function givenRetention(header: HeaderValue, now: number): Retention | undefined {
  const mode = header('x-amz-object-lock-mode');
  const until = header(UNTIL);
  if (mode === undefined && until === undefined) return undefined;
  if (mode === undefined || until === undefined)
    throw invalidArgument(
      'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
      mode === undefined ? 'x-amz-object-lock-mode' : UNTIL,
      'null',
    );
  if (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE')
    throw invalidArgument('Unknown wormMode directive.', 'x-amz-object-lock-mode', mode);
  const retainUntil = Date.parse(until);
  if (Number.isNaN(retainUntil))
    throw invalidArgument('The retain until date must be provided in ISO 8601 format', UNTIL, until);
  if (retainUntil <= now) throw invalidArgument('The retain until date must be in the future!', UNTIL, until);
  return { mode, retainUntil };
}

const aclRequest = (header: HeaderValue) => ({
  ACL: header('x-amz-acl'),
  GrantFullControl: header('x-amz-grant-full-control'),
  GrantRead: header('x-amz-grant-read'),
  GrantReadACP: header('x-amz-grant-read-acp'),
  GrantWriteACP: header('x-amz-grant-write-acp'),
});

/** Objects belong to whoever writes them only where the bucket wants it so. */
function ownerOf(bucket: Bucket, { accountId }: Pick<OpenCall, 'accountId'>, acl: string | undefined): string {
  const ownership = objectOwnership(bucket) ?? 'ObjectWriter';
  const isGiven = ownership === 'BucketOwnerPreferred' && acl === 'bucket-owner-full-control';
  return ownership === 'BucketOwnerEnforced' || isGiven || accountId === '' ? bucket.account : accountId;
}

const UNTIL = 'x-amz-object-lock-retain-until-date';
