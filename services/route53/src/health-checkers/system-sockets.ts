/** Connections of the operating system, for probes. */
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ProbeSockets } from './network-probe.ts';

export const systemSockets: ProbeSockets = {
  tcp: (host, port) => connectTcp({ host, port }),
  // Route 53 does not verify certificates: a health check tells whether somebody answers, not who.
  tls: (host, port, serverName) =>
    connectTls({
      host,
      port,
      rejectUnauthorized: false,
      ...(serverName === undefined ? {} : { servername: serverName }),
    }),
};
