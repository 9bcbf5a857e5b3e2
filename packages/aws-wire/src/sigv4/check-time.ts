/** Whether a signature is of this time: the skew of clocks, the lifetime of presigned URLs. */
import { AwsError } from '../aws-error.ts';
import { compactTimestamp, parseCompactTimestamp } from '../text/timestamps.ts';
import { type AuthDialect, authError } from './auth-errors.ts';
import type { V4Authorization } from './authorization.ts';

const SKEW_MS = 15 * 60_000;

// Parsing a timestamp costs as much as a hash, and all requests of one second carry the same one.
let lastTimestamp = '';
let lastTimestampMs: number | undefined;

function timestampMs(text: string): number | undefined {
  if (text !== lastTimestamp) {
    lastTimestampMs = parseCompactTimestamp(text);
    lastTimestamp = text;
  }
  return lastTimestampMs;
}

/** Throws unless the request was signed within a quarter of an hour of `nowMs`, or its URL has not expired. */
export function checkTime(authorization: V4Authorization, nowMs: number): void {
  const { dialect, timestamp, form, expiresSeconds } = authorization;
  const signedMs = timestampMs(timestamp);
  if (signedMs === undefined) {
    if (dialect === 's3')
      throw new AwsError('AccessDenied', 403, 'AWS authentication requires a valid Date or x-amz-date header');
    const message = `Date must be in ISO-8601 'basic format'. Got '${timestamp.slice(0, 64)}'. See http://en.wikipedia.org/wiki/ISO_8601`;
    throw authError(dialect, 'incomplete', message);
  }
  const lifetimeMs = form === 'query' ? expiresSeconds * 1000 : SKEW_MS;
  if (signedMs > nowMs + SKEW_MS) throw notYetCurrent(dialect, timestamp, nowMs, form);
  if (signedMs + lifetimeMs < nowMs) throw expired(authorization, nowMs, signedMs + lifetimeMs);
}

function notYetCurrent(dialect: AuthDialect, timestamp: string, nowMs: number, form: 'header' | 'query'): AwsError {
  if (dialect === 's3') {
    return form === 'query'
      ? new AwsError('AccessDenied', 403, 'Request is not yet valid')
      : tooSkewed(timestamp, nowMs);
  }
  const latest = `${compactTimestamp(nowMs + SKEW_MS)} (${compactTimestamp(nowMs)} + 15 min.)`;
  return authError(dialect, 'expired', `Signature not yet current: ${timestamp} is still later than ${latest}`);
}

function expired(authorization: V4Authorization, nowMs: number, endMs: number): AwsError {
  const { dialect, timestamp, form } = authorization;
  if (dialect === 's3' && form === 'query') {
    return new AwsError('AccessDenied', 403, 'Request has expired', {
      'X-Amz-Expires': authorization.expiresSeconds,
      Expires: new Date(endMs).toISOString(),
      ServerTime: new Date(nowMs).toISOString(),
    });
  }
  if (dialect === 's3') return tooSkewed(timestamp, nowMs);
  if (dialect === 'ec2') return authError(dialect, 'expired', 'Request has expired.');
  if (form === 'query') {
    return authError(
      dialect,
      'expired',
      `Signature expired: ${compactTimestamp(endMs)} is now earlier than ${compactTimestamp(nowMs)}`,
    );
  }
  const earliest = `${compactTimestamp(nowMs - SKEW_MS)} (${compactTimestamp(nowMs)} - 15 min.)`;
  return authError(dialect, 'expired', `Signature expired: ${timestamp} is now earlier than ${earliest}`);
}

const tooSkewed = (timestamp: string, nowMs: number): AwsError =>
  authError('s3', 'expired', 'The difference between the request time and the current time is too large.', {
    RequestTime: timestamp,
    ServerTime: new Date(nowMs).toISOString(),
    MaxAllowedSkewMilliseconds: SKEW_MS,
  });
