/** The two lists that every form of Version 4 carries: the credential with its scope, and the names of signed headers. */
import { type AuthDialect, authError } from './auth-errors.ts';

export const ALGORITHM = 'AWS4-HMAC-SHA256';
/** A signature in hexadecimal. */
export const SIGNATURE = /^[0-9a-f]{64}$/;
const SCOPE_PART = /^[A-Za-z0-9-]+$/;
const ACCESS_KEY = /^[\w-]{1,128}$/;

export interface Scope {
  accessKeyId: string;
  date: string;
  region: string;
  service: string;
}

/** Parses `AKIA.../20260131/us-east-1/sts/aws4_request`. */
export function parseScope(credential: string, dialect: AuthDialect): Scope {
  const parts = credential.split('/');
  const [accessKeyId = '', date = '', region = '', service = '', terminator = ''] = parts;
  const form = 'keyid/date/region/service/term';
  if (parts.length !== 5) {
    throw authError(
      dialect,
      'incomplete',
      `Credential must have exactly 5 slash-delimited elements, e.g. ${form}, got '${credential.slice(0, 200)}'`,
    );
  }
  if (terminator !== 'aws4_request') {
    throw authError(
      dialect,
      'mismatch',
      `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator.slice(0, 64)}'. `,
    );
  }
  if (!ACCESS_KEY.test(accessKeyId) || !/^\d{8}$/.test(date) || !SCOPE_PART.test(region) || !SCOPE_PART.test(service)) {
    throw authError(dialect, 'incomplete', `Credential is not of the form ${form}.`);
  }
  return { accessKeyId, date, region, service };
}

// AWS signs headers in the order of their names. Holding clients to it also excludes repeated names.
/** Parses `host;x-amz-date`. */
export function parseSignedHeaders(text: string, dialect: AuthDialect): readonly string[] {
  const names = text.split(';');
  const inOrder = names.every(
    (name, i) => /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) && (i === 0 || names[i - 1]! < name),
  );
  if (!inOrder || names.length > 200)
    throw authError(dialect, 'incomplete', 'SignedHeaders must be lower-case header names in order.');
  return names;
}
