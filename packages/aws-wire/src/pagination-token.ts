/**
 * Pagination tokens: where the next page starts, as text that means nothing to the client. The check value finds tokens
 * that were cut, changed or come from another operation; it is no secret, because a token grants nothing.
 */
import { hash } from 'node:crypto';
import { AwsError } from './aws-error.ts';

const CHECK_LENGTH = 8;
const TOKEN_LENGTH_MAX = 4096;

const check = (purpose: string, payload: string): string =>
  hash('sha256', `${purpose}\n${payload}`, 'base64url').slice(0, CHECK_LENGTH);

/** Makes a token. `purpose` names the list that it continues, for example `iam:ListRoles`. */
export function encodePageToken(purpose: string, position: unknown): string {
  const payload = Buffer.from(JSON.stringify(position)).toString('base64url');
  return check(purpose, payload) + payload;
}

/** Reads a token back; `invalid` makes the error of the service for tokens that are not ours. */
export function decodePageToken(
  purpose: string,
  token: string,
  invalid: () => AwsError = () => new AwsError('ValidationError', 400, 'Invalid Marker.'),
): unknown {
  const payload = token.slice(CHECK_LENGTH);
  if (token.length > TOKEN_LENGTH_MAX || check(purpose, payload) !== token.slice(0, CHECK_LENGTH)) throw invalid();
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}
