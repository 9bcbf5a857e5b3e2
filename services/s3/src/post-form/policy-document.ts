/** The JSON of a form's policy, out of its base64. */
import { s3Error, s3Problem } from '../errors.ts';

/** @throws AwsError InvalidPolicyDocument */
export function parseJson(encoded: string): Readonly<Record<string, unknown>> {
  const compact = encoded.replace(/\s+/g, '');
  if (compact.length > ENCODED_MAX || !BASE64.test(compact)) throw s3Error('InvalidPolicyDocument');
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(compact, 'base64').toString('utf8'));
  } catch {
    throw s3Problem('InvalidPolicyDocument', 'Invalid Policy: Invalid JSON.');
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    throw s3Problem('InvalidPolicyDocument', 'Invalid Policy: Invalid JSON.');
  return document as Readonly<Record<string, unknown>>;
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const ENCODED_MAX = 32 * 1024;
