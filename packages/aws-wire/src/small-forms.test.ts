import { describe, expect, it } from 'vitest';
import { formatArn, parseArn } from './arn.ts';
import { AwsError } from './aws-error.ts';
import { decodePageToken, encodePageToken } from './pagination-token.ts';
import { compactTimestamp, formatTimestamp, parseCompactTimestamp, parseTimestamp } from './text/timestamps.ts';

describe('ARNs', () => {
  it('are taken apart and put together', () => {
    for (const text of [
      'arn:aws:iam::123456789012:role/a/b',
      'arn:aws:iam::aws:policy/X',
      'arn:aws:s3:::bucket/a:b',
      'arn:aws:sns:eu-west-1:123456789012:t',
    ]) {
      expect(formatArn(parseArn(text)!)).toBe(text);
    }
    expect(parseArn('arn:aws:iam::123456789012:role/a')?.accountId).toBe('123456789012');
  });

  it('are refused when they are not ARNs', () => {
    for (const text of [
      '',
      'arn',
      'arn:aws:iam::1:role/a',
      'arn:aws:iam::123456789012:',
      'ARN:aws:iam::123456789012:x',
    ]) {
      expect(parseArn(text), text).toBeUndefined();
    }
  });
});

describe('pagination tokens', () => {
  it('come back as they were', () => {
    const token = encodePageToken('iam:ListRoles', { after: 'röle', n: 1 });
    expect(decodePageToken('iam:ListRoles', token)).toEqual({ after: 'röle', n: 1 });
  });

  it('are refused when changed, cut, invented or of another list', () => {
    const token = encodePageToken('iam:ListRoles', 'x');
    for (const bad of ['', 'garbage', token.slice(0, -1), `${token}a`, `A${token.slice(1)}`, 'a'.repeat(10_000)]) {
      expect(() => decodePageToken('iam:ListRoles', bad), bad.slice(0, 20)).toThrow(AwsError);
    }
    expect(() => decodePageToken('iam:ListUsers', token)).toThrow('Invalid Marker.');
  });
});

describe('timestamps', () => {
  const date = new Date(Date.UTC(2026, 0, 31, 23, 59, 58));

  it('have three forms', () => {
    expect(formatTimestamp(date, 'date-time')).toBe('2026-01-31T23:59:58Z');
    expect(formatTimestamp(date, 'http-date')).toBe('Sat, 31 Jan 2026 23:59:58 GMT');
    expect(formatTimestamp(date, 'epoch-seconds')).toBe('1769903998');
    for (const form of ['date-time', 'http-date', 'epoch-seconds'] as const) {
      expect(parseTimestamp(formatTimestamp(date, form))).toEqual(date);
    }
    expect(parseTimestamp('2026-01-31T23:59:58')).toEqual(date);
    expect(() => parseTimestamp('tomorrow')).toThrow();
  });

  it('have a compact form in signatures', () => {
    expect(compactTimestamp(date.getTime())).toBe('20260131T235958Z');
    expect(parseCompactTimestamp('20260131T235958Z')).toBe(date.getTime());
    expect(parseCompactTimestamp('20260231T000000Z')).toBeUndefined();
  });
});
