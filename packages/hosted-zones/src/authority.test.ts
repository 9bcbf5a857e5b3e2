/** Hosted zones as a resolver asks them. */
import { seededRandom } from '@stormglass/base';
import type { Asked } from '@stormglass/dns';
import { expect, it } from 'vitest';
import { hostedZonesAuthority } from './authority.ts';
import type { RecordSetInput, Route53Command } from './commands.ts';
import { HostedZonesState } from './state.ts';

const ACCOUNT = '123456789012';
const HERE: Asked = { zone: 'use1-az1', region: 'us-east-1', client: '127.0.0.1' };
const THERE: Asked = { ...HERE, region: 'eu-west-1' };

function zones() {
  const state = new HostedZonesState();
  let seq = 0;
  const run = (command: Route53Command) => {
    const result = state.apply({ seq: ++seq, now: seq }, command);
    expect(result).toMatchObject({ ok: true });
  };
  const about = (zoneId: string) => ({ accountId: ACCOUNT, zoneId, changeId: `c${seq}` });
  return {
    authority: hostedZonesAuthority({ view: state.view, isHealthy: () => true, random: seededRandom(1) }),
    create: (zoneId: string, name: string, region?: string) =>
      run({
        ...{ type: 'CreateHostedZone', ...about(zoneId), name, callerReference: zoneId, comment: '' },
        nameServers: ['ns-1.test', 'ns-2.test'],
        ...(region === undefined ? {} : { vpc: { id: `vpc-${zoneId}`, region } }),
      }),
    put: (zoneId: string, ...sets: RecordSetInput[]) =>
      run({ type: 'ChangeRecordSets', ...about(zoneId), changes: sets.map(set => ({ action: 'UPSERT', set })) }),
    drop: (zoneId: string) => run({ type: 'DeleteHostedZone', ...about(zoneId) }),
  };
}

const a = (name: string, ...values: string[]): RecordSetInput => ({ name, type: 'A', ttl: 60, values });

it('finds the closest zone, and knows nothing of other names', () => {
  const { authority, create, drop } = zones();
  expect(authority.apexOf('a.test', HERE)).toBeUndefined();
  create('z1', 'a.test');
  create('z2', 'b.a.test');
  expect(authority.apexOf('x.b.a.test', HERE)).toBe('b.a.test');
  expect(authority.apexOf('b.a.test', HERE)).toBe('b.a.test');
  expect(authority.apexOf('xb.a.test', HERE)).toBe('a.test');
  expect(authority.apexOf('test', HERE)).toBeUndefined();
  expect(authority.apexOf('x'.repeat(300), HERE)).toBeUndefined();
  drop('z2');
  expect(authority.apexOf('x.b.a.test', HERE)).toBe('a.test');
});

it('gives records in the shapes of packets', () => {
  const { authority, create, put } = zones();
  create('z', 'a.test');
  put(
    'z',
    a('*.a.test', '192.0.2.1'),
    { name: 'a.test', type: 'MX', ttl: 60, values: ['10 Mail.a.test.'] },
    { name: 'a.test', type: 'TXT', ttl: 60, values: ['"one" "two"'] },
    { name: 'c.a.test', type: 'CNAME', ttl: 60, values: ['Target.Test'] },
    { name: 'child.a.test', type: 'NS', ttl: 60, values: ['ns.child.a.test'] },
  );
  const ask = (name: string, type: string) => authority.lookup('a.test', name, type, HERE);
  const record = (name: string, type: string, data: unknown) => ({ name, type, ttl: 60, data });
  expect(ask('x.y.a.test', 'A')).toEqual({ kind: 'answer', records: [record('x.y.a.test', 'A', '192.0.2.1')] });
  expect(ask('a.test', 'MX')).toEqual({
    kind: 'answer',
    records: [record('a.test', 'MX', { preference: 10, exchange: 'mail.a.test' })],
  });
  expect(ask('a.test', 'TXT')).toEqual({
    kind: 'answer',
    records: [record('a.test', 'TXT', [Buffer.from('one'), Buffer.from('two')])],
  });
  expect(ask('c.a.test', 'A')).toEqual({ kind: 'answer', records: [record('c.a.test', 'CNAME', 'target.test')] });
  expect(ask('x.child.a.test', 'A')).toEqual({
    kind: 'delegation',
    records: [record('child.a.test', 'NS', 'ns.child.a.test')],
  });
  expect(ask('child.a.test', 'DS')).toEqual({ kind: 'no-data' });
  expect(ask('a.test', 'A')).toEqual({ kind: 'no-data' });
  expect(ask('x.c.a.test', 'A')).toEqual({ kind: 'no-such-name' });
  expect(authority.lookup('gone.test', 'x.gone.test', 'A', HERE)).toEqual({ kind: 'no-such-name' });
  expect(authority.soa('a.test', HERE)).toEqual({
    ...{ name: 'a.test', type: 'SOA', ttl: 900 },
    data: {
      ...{ mname: 'ns-1.test', rname: 'awsdns-hostmaster.amazon.com' },
      ...{ serial: 1, refresh: 7200, retry: 900, expire: 1_209_600, minimum: 86_400 },
    },
  });
});

it('shows a private zone to those in its region, and the public one of the same name to others', () => {
  const { authority, create, put } = zones();
  create('public', 'a.test');
  create('private', 'a.test', 'us-east-1');
  create('hidden', 'in.test', 'eu-west-1');
  put('public', a('x.a.test', '192.0.2.1'), a('y.a.test', '192.0.2.1'));
  put('private', a('x.a.test', '10.0.0.1'));
  const ask = (name: string, asked: Asked) => authority.lookup('a.test', name, 'A', asked);
  expect(ask('x.a.test', HERE)).toMatchObject({ records: [{ data: '10.0.0.1' }] });
  expect(ask('x.a.test', THERE)).toMatchObject({ records: [{ data: '192.0.2.1' }] });
  // What the private zone lacks is not there: the public one is not asked.
  expect(ask('y.a.test', HERE)).toEqual({ kind: 'no-such-name' });
  expect([authority.apexOf('in.test', HERE), authority.apexOf('in.test', THERE)]).toEqual([undefined, 'in.test']);
});

it('answers with the oldest public zone of a name', () => {
  const { authority, create, put, drop } = zones();
  create('z9', 'a.test');
  create('z1', 'a.test');
  put('z1', a('x.a.test', '192.0.2.2'));
  expect(authority.lookup('a.test', 'x.a.test', 'A', HERE)).toEqual({ kind: 'no-such-name' });
  drop('z9');
  expect(authority.lookup('a.test', 'x.a.test', 'A', HERE)).toMatchObject({ kind: 'answer' });
});
