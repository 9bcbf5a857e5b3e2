/** The canonical request of Signature Version 4. */
import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const UNRESERVED = /^[A-Za-z0-9\-._~]*$/;
const UNRESERVED_PATH = /^[A-Za-z0-9\-._~/]*$/;

const percent = (c: string): string => `%${c.charCodeAt(0).toString(16).toUpperCase()}`;

/** Percent-encodes as AWS does: everything but unreserved characters. */
export function encodeUri(text: string): string {
  if (UNRESERVED.test(text)) return text;
  return encodeURIComponent(text.toWellFormed()).replace(/[!'()*]/g, percent);
}

function decodeUri(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // What cannot be decoded cannot have been signed either; the signatures will differ.
    return text;
  }
}

/** S3 signs the path as it is, every other service its normalised path, encoded once more. */
export function canonicalPath(path: string, isS3: boolean): string {
  if (path === '/' || path === '') return '/';
  if (isS3) {
    if (UNRESERVED_PATH.test(path)) return path;
    return path
      .split('/')
      .map(segment => encodeUri(decodeUri(segment)))
      .join('/');
  }
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') segments.pop();
    else segments.push(encodeUri(segment));
  }
  if (segments.length === 0) return '/';
  return `/${segments.join('/')}${path.endsWith('/') ? '/' : ''}`;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Parameters in order, without the signature itself. A plus sign means a plus sign here, not a space. */
export function canonicalQuery(query: string, without?: string): string {
  if (query === '') return '';
  const parameters: [string, string][] = [];
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decodeUri(equals < 0 ? pair : pair.slice(0, equals));
    if (name === without) continue;
    parameters.push([encodeUri(name), equals < 0 ? '' : encodeUri(decodeUri(pair.slice(equals + 1)))]);
  }
  parameters.sort(([a, x], [b, y]) => compare(a, b) || compare(x, y));
  return parameters.map(([name, value]) => `${name}=${value}`).join('&');
}

function canonicalValue(value: string | string[] | undefined): string {
  const text = typeof value === 'string' ? value : (value?.join(',') ?? '');
  return text.includes('  ') ? text.trim().replace(/ +/g, ' ') : text.trim();
}

export function canonicalHeaders(headers: IncomingHttpHeaders, names: readonly string[]): string {
  let out = '';
  for (const name of names) out += `${name}:${canonicalValue(headers[name])}\n`;
  return out;
}

export const sha256Hex = (body: Uint8Array): string => (body.length === 0 ? EMPTY_SHA256 : hash('sha256', body, 'hex'));

// Most canonical requests fit; hashing is synchronous, so one buffer serves all calls.
const scratch = Buffer.alloc(4096);

/** Hashes a canonical request. Node decodes header bytes as Latin-1, so that is how they become bytes again. */
export function hashCanonical(text: string): string {
  if (text.length > scratch.length) return hash('sha256', Buffer.from(text, 'latin1'), 'hex');
  return hash('sha256', scratch.subarray(0, scratch.write(text, 'latin1')), 'hex');
}
