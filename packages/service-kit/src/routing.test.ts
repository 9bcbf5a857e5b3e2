import { parseAuthorization, type WireRequest } from '@stormglass/aws-wire';
import { expect, it } from 'vitest';
import { ServiceTable } from './routing.ts';

const named = (name: string, signingName: string, onlyAt?: string) => ({
  ...{ name, onlyAt },
  model: { signingName, targetPrefix: `${name}Target` },
});
const table = new ServiceTable([
  named('sts', 'sts'),
  named('sts-global', 'sts', 'sts.amazonaws.com'),
  named('trail', 'cloudtrail'),
  named('tables', 'dynamodb'),
  named('streams', 'dynamodb'),
]);

function find(host: string, signedFor?: string, headers: Record<string, string> = {}) {
  const scope = `AKIAQWERTYUIOPASDFGH/20261121/us-east-1/${signedFor}/aws4_request`;
  const signature = `SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
  const signed =
    signedFor === undefined
      ? {}
      : { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, ${signature}`, 'x-amz-date': '20261121T120000Z' };
  const all = { host, ...signed, ...headers };
  const request: WireRequest = { method: 'POST', path: '/', query: '', headers: all, body: Buffer.alloc(0) };
  return table.find(request, parseAuthorization(request))?.name;
}

it('finds what a request is signed for, wherever it was sent', () => {
  expect(find('localhost:4566', 'sts')).toBe('sts');
  expect(find('sts.us-east-1.amazonaws.com', 'sts')).toBe('sts');
  expect(find('sts.us-east-1.amazonaws.com', 'cloudtrail')).toBe('trail');
});

it('finds the global endpoint under its own name, with or without a port, in any case', () => {
  for (const host of ['sts.amazonaws.com', 'sts.amazonaws.com:4566', 'STS.AmazonAWS.com']) {
    expect(find(host, 'sts')).toBe('sts-global');
    expect(find(host)).toBe('sts-global');
  }
});

it('goes by the target where several services are signed for by one name', () => {
  const listStreams = { 'x-amz-target': 'streamsTarget.ListStreams' };
  expect(find('localhost', 'dynamodb', listStreams)).toBe('streams');
  expect(find('dynamodb.us-east-1.amazonaws.com', undefined, listStreams)).toBe('streams');
  expect(find('localhost', 'dynamodb', { 'x-amz-target': 'tablesTarget.ListTables' })).toBe('tables');
  expect(find('localhost', 'dynamodb', { 'x-amz-target': 'trailTarget.LookupEvents' })).toBe('tables');
  expect(find('streams.dynamodb.us-east-1.amazonaws.com', 'dynamodb')).toBe('tables');
});

it('gives the global endpoint nothing that is signed for another service', () => {
  expect(find('sts.amazonaws.com', 'cloudtrail')).toBe('trail');
});

it('goes by name and target where nothing is signed', () => {
  expect(find('sts.eu-north-1.amazonaws.com')).toBe('sts');
  expect(find('localhost', undefined, { 'x-amz-target': 'trailTarget.LookupEvents' })).toBe('trail');
  expect(find('localhost')).toBeUndefined();
});

it('says so when nobody answers for what a request is signed for', () => {
  expect(() => find('localhost', 'sqs')).toThrow(/sqs/);
});
