/**
 * A request that another host of the region took from its client and passes on: what the passer knows of the client
 * travels in headers of its own. Believed only on connections whose other end has proved that it is such a host.
 */
import type { IncomingMessage } from 'node:http';
import type { Origin } from './request-facts.ts';

const CLIENT = 'x-stormglass-client';
const TRACE = 'x-stormglass-traceparent';

/** Headers to pass on, in pairs; `traceparent` is the passer's span (W3C Trace Context). */
export const forwardedHeaders = (
  { remoteAddress, isSecure, tls }: Origin,
  traceparent: string | undefined,
): string[] => [
  CLIENT,
  [isSecure ? 'https' : 'http', remoteAddress, ...(tls === undefined ? [] : [tls.version, tls.cipherSuite])].join(' '),
  ...(traceparent === undefined ? [] : [TRACE, traceparent]),
];

/** Whether a header says where a request comes from: a client's own of that name is not passed on. */
export const saysOrigin = (header: string): boolean => [CLIENT, TRACE].includes(header.toLowerCase());

/** Where a request that was passed on comes from. */
export function forwardedOrigin({ headers }: Pick<IncomingMessage, 'headers'>): Origin {
  const [scheme, remoteAddress = '', version, cipherSuite] = String(headers[CLIENT] ?? '').split(' ');
  const traceparent = headers[TRACE];
  return {
    ...{ remoteAddress, isSecure: scheme === 'https' },
    ...(version === undefined || cipherSuite === undefined ? {} : { tls: { version, cipherSuite } }),
    ...(typeof traceparent === 'string' ? { traceparent } : {}),
  };
}
