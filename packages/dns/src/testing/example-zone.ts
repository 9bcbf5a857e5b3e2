/** A zone with one name for each kind of answer, and a resolver that serves it: for tests of this package. */
import { type Logger, seededRandom, silentLogger, systemClock } from '@stormglass/base';
import type { ResourceRecord } from '../authority.ts';
import { Resolver, type ResolverOptions } from '../resolver.ts';
import { staticAuthority } from '../static-authority.ts';

const record = (name: string, type: string, data: unknown, ttl = 300): ResourceRecord => ({ name, type, ttl, data });

export const SOA = record(
  'example.test',
  'SOA',
  {
    mname: 'ns.example.test',
    rname: 'hostmaster.example.test',
    serial: 7,
    refresh: 7200,
    retry: 900,
    expire: 1209600,
    minimum: 60,
  },
  900,
);

/** `long.example.test` needs more than 1232 bytes, `medium.example.test` between 512 and 1232. */
export const EXAMPLE_RECORDS: readonly ResourceRecord[] = [
  SOA,
  record('example.test', 'NS', 'ns.example.test'),
  record('www.example.test', 'A', '192.0.2.1'),
  record('www.example.test', 'A', '192.0.2.2'),
  record('www.example.test', 'AAAA', '2001:db8::1'),
  record('alias.example.test', 'CNAME', 'www.example.test'),
  record('alias-two.example.test', 'CNAME', 'alias.example.test'),
  record('to-other.example.test', 'CNAME', 'host.other.test'),
  record('to-nothing.example.test', 'CNAME', 'nothing.example.test'),
  record('outside.example.test', 'CNAME', 'host.elsewhere.test'),
  record('loop-a.example.test', 'CNAME', 'loop-b.example.test'),
  record('loop-b.example.test', 'CNAME', 'loop-a.example.test'),
  ...Array.from({ length: 12 }, (_, at) => record(`chain-${at}.example.test`, 'CNAME', `chain-${at + 1}.example.test`)),
  record('child.example.test', 'NS', 'ns.child.example.test'),
  record('ns.child.example.test', 'A', '192.0.2.53'),
  record('deep.empty.example.test', 'A', '192.0.2.9'),
  ...Array.from({ length: 20 }, (_, at) => record('medium.example.test', 'TXT', `${at}${'m'.repeat(30)}`)),
  ...Array.from({ length: 60 }, (_, at) => record('long.example.test', 'TXT', `${at}${'l'.repeat(60)}`)),
  record('broken.example.test', 'TXT', 'x'.repeat(256)),
];

export const exampleAuthority = staticAuthority([
  { apex: 'example.test', records: EXAMPLE_RECORDS },
  {
    apex: 'other.test',
    records: [record('other.test', 'SOA', SOA.data), record('host.other.test', 'A', '198.51.100.1')],
  },
]);

export function exampleResolver(options: Partial<ResolverOptions> & { readonly logger?: Logger } = {}): Resolver {
  return new Resolver({
    authorities: [exampleAuthority],
    asked: { zone: 'use1-az1', region: 'us-east-1' },
    clock: systemClock,
    random: seededRandom(1),
    logger: silentLogger,
    ...options,
  });
}
