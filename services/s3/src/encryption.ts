/**
 * Encryption as requests ask for it: with the region's key, which is what every object gets at least (SSE-S3), or with a
 * key that the customer sends along and that is kept nowhere (SSE-C).
 */
import { createHash } from 'node:crypto';
import type { Encryption } from '@stormglass/object-index';
import { invalidArgument, notOffered, s3Error, s3Problem } from './errors.ts';
import type { HeaderValue } from './headers/header-value.ts';

export interface CustomerKey {
  readonly key: Buffer;
  /** Base64 of its MD5, which is what an object remembers of its key. */
  readonly keyMd5: string;
}

/**
 * The customer's key of an upload; undefined means the region's.
 * @throws AwsError InvalidArgument, InvalidEncryptionAlgorithmError, NotImplemented for keys of KMS
 */
export function uploadKey(header: HeaderValue): CustomerKey | undefined {
  const method = header(SSE);
  const customer = customerKey(header);
  if (header(`${SSE}-aws-kms-key-id`) !== undefined || method?.startsWith('aws:') === true)
    throw notOffered('Server-side encryption with keys of AWS KMS');
  if (method === undefined) return customer;
  if (method !== 'AES256') throw invalidArgument('The encryption method specified is not supported', SSE, method);
  if (customer !== undefined)
    throw invalidArgument(
      'Server Side Encryption with Customer provided key is incompatible with the encryption method specified',
      SSE,
      method,
    );
  return undefined;
}

/**
 * The customer's key of a request; `of` is `copy-source-` where it is about the source of a copy.
 * @throws AwsError InvalidArgument, InvalidEncryptionAlgorithmError
 */
export function customerKey(header: HeaderValue, of: '' | 'copy-source-' = ''): CustomerKey | undefined {
  const name = (part: string) => `x-amz-${of}server-side-encryption-customer-${part}`;
  const [algorithm, given, md5] = ['algorithm', 'key', 'key-md5'].map(part => header(name(part)));
  if (algorithm === undefined && given === undefined && md5 === undefined) return undefined;
  const must = (what: string, part: string) => invalidArgument(`${CUSTOMER_MUST} ${what}.`, name(part), 'null');
  if (algorithm === undefined) throw must('a valid encryption algorithm', 'algorithm');
  if (algorithm !== 'AES256')
    throw s3Error('InvalidEncryptionAlgorithmError', { ArgumentName: name('algorithm'), ArgumentValue: algorithm });
  if (given === undefined) throw must('an appropriate secret key', 'key');
  if (md5 === undefined) throw must('the client calculated MD5 of the secret key', 'key-MD5');
  const key = Buffer.from(given, 'base64');
  if (key.length !== KEY_BYTES)
    throw invalidArgument('The secret key was invalid for the specified algorithm.', name('key'), 'null');
  const keyMd5 = createHash('md5').update(key).digest('base64');
  if (keyMd5 !== md5)
    throw invalidArgument(
      'The calculated MD5 hash of the key did not match the hash that was provided.',
      name('key-MD5'),
      md5,
    );
  return { key, keyMd5 };
}

/**
 * That a request has the key that an object needs, and none where it needs none.
 * @throws AwsError InvalidRequest, AccessDenied
 */
export function meetEncryption(sse: Encryption, customer: CustomerKey | undefined): void {
  if (sse.kind === 'C' && customer === undefined) throw s3Problem('InvalidRequest', KEY_NEEDED);
  if (sse.kind !== 'C' && customer !== undefined)
    throw s3Problem('InvalidRequest', 'The encryption parameters are not applicable to this object.');
  if (sse.kind === 'C' && customer?.keyMd5 !== sse.keyMd5) throw s3Error('AccessDenied');
}

export const encryptionOf = (customer: CustomerKey | undefined): Encryption =>
  customer === undefined ? { kind: 'AES256' } : { kind: 'C', keyMd5: customer.keyMd5 };

export const bodyKeyOf = (customer: CustomerKey | undefined): { kind: 'region' } | { kind: 'customer'; key: Buffer } =>
  customer === undefined ? { kind: 'region' } : { kind: 'customer', key: customer.key };

/** The members of an answer. */
export const shownEncryption = (sse: Encryption) =>
  sse.kind === 'AES256'
    ? ({ ServerSideEncryption: 'AES256' } as const)
    : { SSECustomerAlgorithm: 'AES256', SSECustomerKeyMD5: sse.keyMd5 };

const SSE = 'x-amz-server-side-encryption';
const KEY_BYTES = 32;
const CUSTOMER_MUST = 'Requests specifying Server Side Encryption with Customer provided keys must provide';
const KEY_NEEDED =
  'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.';
