/** The names in the certificate that clients of a region see: AWS's own, the region's, and the addresses themselves. */
import { isIP } from 'node:net';
import type { SubjectName } from '@stormglass/pki';
import { awsDomainsOf, type Region } from '../../topology.ts';

/** Names of the region's endpoints. A wildcard stands for one label, so each depth has its own (RFC 9525, 6.3). */
export function endpointNames({ name: region, zones }: Region, host: string): readonly SubjectName[] {
  const places = [region, ...zones.map(({ id }) => `${id}.${region}`)];
  const aws = awsDomainsOf(region);
  const domains = [...aws, 'api.aws', 'stormglass.localhost'];
  const dns = [
    'localhost',
    ...domains.flatMap(domain => [domain, `*.${domain}`]),
    ...domains.flatMap(domain => places.flatMap(place => [`${place}.${domain}`, `*.${place}.${domain}`])),
    ...aws.map(domain => `*.s3.${domain}`),
    ...[...aws, 'stormglass.localhost'].map(domain => `*.s3.${region}.${domain}`),
    ...domains.map(domain => `*.ddb.${region}.${domain}`),
    ...domains.flatMap(domain => places.map(place => `streams.dynamodb.${place}.${domain}`)),
    ...(isIP(host) === 0 ? [host] : []),
  ];
  const addresses = ['127.0.0.1', '::1', ...zones.map(({ address }) => address), ...(isIP(host) === 0 ? [] : [host])];
  return [
    ...[...new Set(dns)].map(value => ({ type: 'dns', value }) as const),
    ...[...new Set(addresses)].map(value => ({ type: 'ip', value }) as const),
  ];
}
