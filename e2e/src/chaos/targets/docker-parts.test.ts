import { expect, it } from 'vitest';
import { leaderIn } from './docker-parts.ts';

const monitoring = (leader?: string) => {
  const cluster = { name: 'us-east-1', ...(leader === undefined ? {} : { leader }), replicas: [] };
  const other = { name: 'acme', cluster: { name: 'us-east-1', leader: 'nats-use1-az1' } };
  return JSON.stringify({
    streams: 2,
    account_details: [{ name: '$G', stream_detail: [other, { name: 'iam', cluster }] }],
  });
};

it('finds who leads a stream', () => {
  expect(leaderIn(monitoring('nats-use1-az3'), 'iam')).toBe('nats-use1-az3');
  expect(leaderIn(monitoring('nats-use1-az3'), 'route53')).toBe(undefined);
});

it('knows no leader during an election, or before there are streams', () => {
  expect(leaderIn(monitoring(), 'iam')).toBe(undefined);
  expect(leaderIn(monitoring(''), 'iam')).toBe(undefined);
  expect(leaderIn('{"streams":0}', 'iam')).toBe(undefined);
});
