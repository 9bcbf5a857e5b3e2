/** Encryption headers: what they ask for, and what is wrong with them. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { customerKey, meetEncryption, uploadKey } from './encryption.ts';

const KEY = Buffer.alloc(32, 7);
const MD5 = createHash('md5').update(KEY).digest('base64');
const C = 'x-amz-server-side-encryption-customer';
const CUSTOMER = { [`${C}-algorithm`]: 'AES256', [`${C}-key`]: KEY.toString('base64'), [`${C}-key-md5`]: MD5 };
const upload = (headers: Record<string, string | undefined>) => uploadKey(name => headers[name]);

describe('uploadKey', () => {
  it("is the region's by default", () => {
    expect(upload({})).toBeUndefined();
    expect(upload({ 'x-amz-server-side-encryption': 'AES256' })).toBeUndefined();
  });

  it("is the customer's when it comes along", () => expect(upload(CUSTOMER)).toEqual({ key: KEY, keyMd5: MD5 }));

  it.each<[Record<string, string | undefined>, string, string]>([
    [{ 'x-amz-server-side-encryption': 'aws:kms' }, 'NotImplemented', 'Server-side encryption with keys of AWS KMS'],
    [{ 'x-amz-server-side-encryption': 'AES512' }, 'InvalidArgument', 'The encryption method specified is not supp'],
    [{ ...CUSTOMER, 'x-amz-server-side-encryption': 'AES256' }, 'InvalidArgument', 'is incompatible with'],
    [{ ...CUSTOMER, [`${C}-algorithm`]: 'DES' }, 'InvalidEncryptionAlgorithmError', 'The valid value is AES256'],
    [{ ...CUSTOMER, [`${C}-algorithm`]: undefined }, 'InvalidArgument', 'a valid encryption algorithm'],
    [{ ...CUSTOMER, [`${C}-key`]: undefined }, 'InvalidArgument', 'an appropriate secret key'],
    [{ ...CUSTOMER, [`${C}-key`]: 'c2hvcnQ=' }, 'InvalidArgument', 'The secret key was invalid for the specified'],
    [{ ...CUSTOMER, [`${C}-key-md5`]: undefined }, 'InvalidArgument', 'the client calculated MD5 of the secret key'],
    [{ ...CUSTOMER, [`${C}-key-md5`]: 'x' }, 'InvalidArgument', 'The calculated MD5 hash of the key did not match'],
  ])('refuses %j', (headers, code, message) =>
    expect(() => upload(headers)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) })),
  );
});

it('reads the key of the source of a copy by its own headers', () => {
  const headers = Object.fromEntries(
    Object.entries(CUSTOMER).map(([name, value]) => [name.replace('x-amz-', 'x-amz-copy-source-'), value]),
  );
  expect(customerKey(name => headers[name], 'copy-source-')?.keyMd5).toBe(MD5);
  expect(customerKey(name => headers[name])).toBeUndefined();
});

describe('meetEncryption', () => {
  const key = { key: KEY, keyMd5: MD5 };
  it('takes what fits', () => {
    meetEncryption({ kind: 'AES256' }, undefined);
    meetEncryption({ kind: 'C', keyMd5: MD5 }, key);
  });
  it('refuses no key, another key, and a key for nothing', () => {
    expect(() => meetEncryption({ kind: 'C', keyMd5: MD5 }, undefined)).toThrow(/must be provided to retrieve/);
    expect(() => meetEncryption({ kind: 'C', keyMd5: 'other' }, key)).toThrow(
      expect.objectContaining({ code: 'AccessDenied' }),
    );
    expect(() => meetEncryption({ kind: 'AES256' }, key)).toThrow(/not applicable to this object/);
  });
});
