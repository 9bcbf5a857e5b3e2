/** What each operator compares: one condition, one value in the request. */
import { describe, expect, it } from 'vitest';
import { MET, UNMET, underCondition } from '../testing/question.ts';

type Row = readonly [
  operator: string,
  wanted: string | readonly string[] | number | boolean,
  actual: string,
  expected: string,
];

const rows = (...cases: readonly Row[]) =>
  it.each(cases)('%s %j, the request says %j: %s', (operator, wanted, actual, expected) => {
    expect(underCondition({ [operator]: { 'k:k': wanted } }, { keys: { 'k:k': actual } })).toBe(expected);
  });

// IAM JSON policy elements: Condition operators, "String condition operators".
describe('strings', () => {
  rows(
    ['StringEquals', 'blue', 'blue', MET],
    ['StringEquals', 'blue', 'Blue', UNMET],
    ['StringEquals', 'blue', 'blue ', UNMET],
    ['StringEquals', 'blue', '', UNMET],
    ['StringEquals', '', '', MET],
    ['StringEquals', ['red', 'blue'], 'blue', MET],
    ['StringEquals', ['red', 'blue'], 'green', UNMET],
    ['StringEquals', 'b*', 'blue', UNMET],
    ['StringEquals', 'b*', 'b*', MET],
    ['StringEquals', 'b?', 'b?', MET],
    ['StringEquals', true, 'true', MET],
    ['StringEquals', 7, '7', MET],
    ['StringNotEquals', 'blue', 'red', MET],
    ['StringNotEquals', 'blue', 'blue', UNMET],
    ['StringNotEquals', 'blue', 'BLUE', MET],
    ['StringNotEquals', ['blue', 'red'], 'red', UNMET],
    ['StringNotEquals', ['blue', 'red'], 'green', MET],
    ['StringEqualsIgnoreCase', 'Blue', 'bLUE', MET],
    ['StringEqualsIgnoreCase', 'Blue', 'blues', UNMET],
    ['StringEqualsIgnoreCase', ['red', 'GREEN'], 'green', MET],
    ['StringNotEqualsIgnoreCase', 'Blue', 'bLUE', UNMET],
    ['StringNotEqualsIgnoreCase', 'Blue', 'green', MET],
    ['StringLike', 'b*', 'blue', MET],
    ['StringLike', 'b*', 'b', MET],
    ['StringLike', 'b*', 'red', UNMET],
    ['StringLike', 'b*', 'Blue', UNMET],
    ['StringLike', '*', '', MET],
    ['StringLike', '?', '', UNMET],
    ['StringLike', '?', 'x', MET],
    ['StringLike', 'b?ue', 'blue', MET],
    ['StringLike', 'b?ue', 'bue', UNMET],
    ['StringLike', '*e', 'blue', MET],
    ['StringLike', '*l*', 'blue', MET],
    ['StringLike', 'b*e*e', 'bee', MET],
    ['StringLike', 'b*e*e', 'be', UNMET],
    ['StringLike', 'a.c', 'abc', UNMET],
    ['StringLike', '[ab]', 'a', UNMET],
    ['StringLike', 'home/*', 'home/bob/file.txt', MET],
    ['StringLike', ['x*', 'b*'], 'blue', MET],
    ['StringLike', 'blue', 'blue', MET],
    ['StringNotLike', 'b*', 'blue', UNMET],
    ['StringNotLike', 'b*', 'red', MET],
    ['StringNotLike', ['b*', 'r*'], 'red', UNMET],
    ['StringNotLike', '?????', 'green', UNMET],
  );
});

// "Numeric condition operators": integers and decimals.
describe('numbers', () => {
  rows(
    ['NumericEquals', '10', '10', MET],
    ['NumericEquals', '10', '10.0', MET],
    ['NumericEquals', '10', '010', MET],
    ['NumericEquals', 10, '10', MET],
    ['NumericEquals', '10', '11', UNMET],
    ['NumericEquals', ['9', '10'], '10', MET],
    ['NumericEquals', '10', 'ten', UNMET],
    ['NumericEquals', '10', '', UNMET],
    ['NumericEquals', 'ten', 'ten', UNMET],
    ['NumericEquals', '-1', '-1', MET],
    ['NumericEquals', '16', '0x10', UNMET],
    ['NumericNotEquals', '10', '11', MET],
    ['NumericNotEquals', '10', '10.00', UNMET],
    ['NumericNotEquals', ['10', '11'], '11', UNMET],
    ['NumericNotEquals', '10', 'ten', MET],
    ['NumericLessThan', '10', '9.99', MET],
    ['NumericLessThan', '10', '10', UNMET],
    ['NumericLessThan', '10', '9', MET],
    ['NumericLessThan', '10', '-11', MET],
    ['NumericLessThan', '9', '10', UNMET],
    ['NumericLessThan', ['5', '20'], '10', MET],
    ['NumericLessThanEquals', '10', '10', MET],
    ['NumericLessThanEquals', '10', '10.01', UNMET],
    ['NumericGreaterThan', '10', '10', UNMET],
    ['NumericGreaterThan', '10', '100', MET],
    ['NumericGreaterThan', '1.5', '1.49', UNMET],
    ['NumericGreaterThanEquals', '10', '10', MET],
    ['NumericGreaterThanEquals', '10', '9', UNMET],
    ['NumericGreaterThanEquals', '10', 'Infinity', UNMET],
  );
});

// "Date condition operators": the W3C forms of ISO 8601, or seconds since 1970.
describe('dates', () => {
  rows(
    ['DateEquals', '2026-03-01T12:00:00Z', '2026-03-01T12:00:00Z', MET],
    ['DateEquals', '2026-03-01T12:00:00Z', '2026-03-01T13:00:00+01:00', MET],
    ['DateEquals', '2026-03-01T12:00:00Z', '1772366400', MET],
    ['DateEquals', '1772366400', '2026-03-01T12:00:00Z', MET],
    ['DateEquals', '2026-03-01', '2026-03-01T00:00:00Z', MET],
    ['DateEquals', '2026-03', '2026-03-01T00:00:00Z', MET],
    ['DateEquals', '2026', '2026-01-01T00:00:00Z', MET],
    ['DateEquals', '2026-03-01T12:00Z', '2026-03-01T12:00:00Z', MET],
    ['DateEquals', '2026-03-01T12:00:00.5Z', '2026-03-01T12:00:00Z', UNMET],
    ['DateEquals', '2026-03-01T12:00:00Z', 'noon', UNMET],
    ['DateEquals', '2026-03-01', '2026-02-29', UNMET],
    ['DateNotEquals', '2026-03-01T12:00:00Z', '2026-03-01T12:00:01Z', MET],
    ['DateNotEquals', '2026-03-01T12:00:00Z', '2026-03-01T12:00:00Z', UNMET],
    ['DateLessThan', '2026-03-01T12:00:00Z', '2026-03-01T11:59:59Z', MET],
    ['DateLessThan', '2026-03-01T12:00:00Z', '2026-03-01T12:00:00Z', UNMET],
    ['DateLessThan', '2026-03-01T12:00:00+02:00', '2026-03-01T11:00:00Z', UNMET],
    ['DateLessThan', '2026-03-01', '1', MET],
    ['DateLessThanEquals', '2026-03-01T12:00:00Z', '2026-03-01T12:00:00Z', MET],
    ['DateLessThanEquals', '2026-03-01T12:00:00Z', '2026-03-01T12:00:01Z', UNMET],
    ['DateGreaterThan', '2026-03-01T12:00:00Z', '2026-03-01T12:00:01Z', MET],
    ['DateGreaterThan', '2026-03-01T12:00:00Z', '2026-03-01T12:00:00Z', UNMET],
    ['DateGreaterThan', '2025', '2026-03-01T12:00:00Z', MET],
    ['DateGreaterThan', '1772366400', '1772366401', MET],
    ['DateGreaterThanEquals', '2026-03-01T12:00:00Z', '2026-03-01T12:00:00Z', MET],
    ['DateGreaterThanEquals', '2026-03-01T12:00:00Z', '2026-03-01T11:00:00Z', UNMET],
    ['DateGreaterThanEquals', '2026-03-01T12:00:00Z', '01 Apr 2026', UNMET],
  );
});

// "Boolean condition operators" and "Binary condition operators".
describe('truth and bytes', () => {
  rows(
    ['Bool', 'true', 'true', MET],
    ['Bool', 'true', 'false', UNMET],
    ['Bool', 'false', 'false', MET],
    ['Bool', true, 'true', MET],
    ['Bool', false, 'true', UNMET],
    ['Bool', 'TRUE', 'true', MET],
    ['Bool', 'true', 'True', MET],
    ['Bool', 'true', '1', UNMET],
    ['Bool', 'yes', 'yes', UNMET],
    ['Bool', ['true', 'false'], 'false', MET],
    ['Bool', 'false', '', UNMET],
    ['BinaryEquals', 'QmluYXJ5VmFsdWVJbkJhc2U2NA==', 'QmluYXJ5VmFsdWVJbkJhc2U2NA==', MET],
    ['BinaryEquals', 'QmluYXJ5VmFsdWVJbkJhc2U2NA==', 'QmluYXJ5VmFsdWVJbkJhc2U2NA', MET],
    ['BinaryEquals', 'QmluYXJ5', 'QmluYXJ6', UNMET],
    ['BinaryEquals', ['AA==', 'QmluYXJ5'], 'QmluYXJ5', MET],
  );
});

// "IP address condition operators": CIDR ranges of both families; an address alone is a range of one.
describe('addresses', () => {
  rows(
    ['IpAddress', '203.0.113.0/24', '203.0.113.0', MET],
    ['IpAddress', '203.0.113.0/24', '203.0.113.255', MET],
    ['IpAddress', '203.0.113.0/24', '203.0.114.0', UNMET],
    ['IpAddress', '203.0.113.0/24', '203.0.112.255', UNMET],
    ['IpAddress', '203.0.113.7', '203.0.113.7', MET],
    ['IpAddress', '203.0.113.7', '203.0.113.8', UNMET],
    ['IpAddress', '203.0.113.7/32', '203.0.113.7', MET],
    ['IpAddress', '203.0.113.64/26', '203.0.113.127', MET],
    ['IpAddress', '203.0.113.64/26', '203.0.113.128', UNMET],
    ['IpAddress', '10.0.0.0/8', '10.255.255.255', MET],
    ['IpAddress', '0.0.0.0/0', '8.8.8.8', MET],
    ['IpAddress', '0.0.0.0/0', '2001:db8::1', UNMET],
    ['IpAddress', ['192.0.2.0/24', '203.0.113.0/24'], '203.0.113.9', MET],
    ['IpAddress', ['192.0.2.0/24', '203.0.113.0/24'], '198.51.100.9', UNMET],
    ['IpAddress', ['203.0.113.0/24', '2001:DB8:1234:5678::/64'], '2001:db8:1234:5678::9', MET],
    ['IpAddress', '2001:DB8:1234:5678::/64', '2001:db8:1234:5679::9', UNMET],
    ['IpAddress', '2001:db8::/32', '2001:0db8:ffff:ffff:ffff:ffff:ffff:ffff', MET],
    ['IpAddress', '2001:db8::/33', '2001:db8:8000::', UNMET],
    ['IpAddress', '2001:db8::1', '2001:db8:0:0:0:0:0:1', MET],
    ['IpAddress', '::/0', '::1', MET],
    ['IpAddress', '::/0', '203.0.113.7', UNMET],
    ['IpAddress', '203.0.113.0/24', 'example.com', UNMET],
    ['IpAddress', '203.0.113.0/33', '203.0.113.0', UNMET],
    ['IpAddress', 'anywhere', '203.0.113.0', UNMET],
    ['NotIpAddress', '203.0.113.0/24', '198.51.100.1', MET],
    ['NotIpAddress', '203.0.113.0/24', '203.0.113.1', UNMET],
    ['NotIpAddress', ['192.0.2.0/24', '203.0.113.0/24'], '192.0.2.1', UNMET],
    ['NotIpAddress', '203.0.113.0/24', '2001:db8::1', MET],
    ['NotIpAddress', '2001:db8::/32', '2001:db8::1', UNMET],
  );
});

// "Amazon Resource Name (ARN) condition operators": component by component; both spellings know wildcards.
describe('ARNs', () => {
  const topic = 'arn:aws:sns:us-east-2:111122223333:topic';
  rows(
    ['ArnEquals', topic, topic, MET],
    ['ArnEquals', topic, `${topic}s`, UNMET],
    ['ArnEquals', 'arn:aws:sns:*:111122223333:topic', topic, MET],
    ['ArnEquals', 'arn:aws:sns:us-east-?:111122223333:top*', topic, MET],
    ['ArnEquals', 'arn:aws:sns:us-east-2:444455556666:*', topic, UNMET],
    ['ArnEquals', 'arn:aws:SNS:us-east-2:111122223333:topic', topic, UNMET],
    ['ArnLike', 'arn:aws:sns:*:*:*', topic, MET],
    ['ArnLike', 'arn:*:*:*:*:*', topic, MET],
    ['ArnLike', '*', topic, MET],
    ['ArnLike', 'arn:aws:sqs:*:*:*', topic, UNMET],
    // The example of the guide: a star does not reach over a colon.
    [
      'ArnLike',
      'arn:aws:someservice:*:111122223333:finance/*',
      'arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt',
      UNMET,
    ],
    [
      'StringLike',
      'arn:aws:someservice:*:111122223333:finance/*',
      'arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt',
      MET,
    ],
    ['ArnLike', 'arn:aws:logs:*:*:log-group:*', 'arn:aws:logs:us-east-2:111122223333:log-group:a:b', MET],
    ['ArnLike', ['arn:aws:sqs:*:*:*', 'arn:aws:sns:*:*:topic'], topic, MET],
    ['ArnLike', 'arn:aws:s3:::bucket/*', 'arn:aws:s3:::bucket', UNMET],
    ['ArnLike', 'arn:aws:s3:::bucket/*', 'no arn', UNMET],
    ['ArnNotEquals', topic, topic, UNMET],
    ['ArnNotEquals', topic, 'arn:aws:sns:us-east-2:111122223333:other', MET],
    ['ArnNotEquals', 'arn:aws:sns:*:111122223333:*', topic, UNMET],
    ['ArnNotLike', 'arn:aws:sns:*:111122223333:*', topic, UNMET],
    ['ArnNotLike', 'arn:aws:sns:*:444455556666:*', topic, MET],
    ['ArnNotLike', ['arn:aws:sns:*:444455556666:*', 'arn:aws:sns:*:111122223333:*'], topic, UNMET],
  );
});
