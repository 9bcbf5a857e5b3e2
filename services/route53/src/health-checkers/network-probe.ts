/**
 * Probes endpoints over the network, with the deadlines of Route 53: four seconds to connect (ten for TCP checks), two
 * more for the answer, two more for the text to be found (Route 53 Developer Guide, "How Amazon Route 53 determines
 * whether a health check is healthy"). Certificates are not verified, as AWS does not.
 */
import { request } from 'node:http';
import { isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Clock, errorStory } from '@stormglass/base';
import type { Probe, ProbeResult, ProbeTarget } from './probe.ts';

/** Opens connections; the caller's, so that tests and zones say how. */
export interface ProbeSockets {
  tcp(host: string, port: number): Socket;
  /** Without verifying the certificate. */
  tls(host: string, port: number, serverName: string | undefined): Socket;
}

export interface NetworkProbeOptions {
  readonly sockets: ProbeSockets;
  readonly clock: Clock;
  /** An IPv4 address of a name, or undefined when there is none. */
  readonly resolve: (name: string) => Promise<string | undefined>;
}

const CONNECT_MS = { http: 4000, tcp: 10_000 };
const ANSWER_MS = 2000;
const BODY_MS = 2000;
/** As much of a body as is searched. */
const BODY_BYTES_MAX = 5120;

const success = (what: string): ProbeResult => ({ isHealthy: true, status: `Success: ${what}` });
const failure = (what: string): ProbeResult => ({ isHealthy: false, status: `Failure: ${what}` });

export function networkProbe(options: NetworkProbeOptions): Probe {
  return async (target, signal) => {
    try {
      const address = isIP(target.host) > 0 ? target.host : await options.resolve(target.host);
      if (address === undefined) return failure(`DNS resolution failed: ${target.host} has no address.`);
      return await new Attempt(options, target, address, signal).result;
    } catch (error) {
      return failure(errorStory(error));
    }
  };
}

/** One connection, with the deadline of the step it is in. */
class Attempt {
  readonly result: Promise<ProbeResult>;
  readonly #clock: Clock;
  readonly #target: ProbeTarget;
  readonly #socket: Socket;
  readonly #settle: (result: ProbeResult) => void;
  #cancelDeadline = () => {};

  constructor({ sockets, clock }: NetworkProbeOptions, target: ProbeTarget, address: string, signal: AbortSignal) {
    this.#clock = clock;
    this.#target = target;
    const { promise, resolve } = Promise.withResolvers<ProbeResult>();
    const isTls = target.type.startsWith('HTTPS');
    this.#socket = isTls ? sockets.tls(address, target.port, target.serverName) : sockets.tcp(address, target.port);
    this.#settle = resolve;
    const abort = () => this.#settle(failure('The probe was ended.'));
    signal.addEventListener('abort', abort, { once: true });
    this.result = promise.finally(() => {
      this.#cancelDeadline();
      signal.removeEventListener('abort', abort);
      this.#socket.destroy();
    });
    this.#socket.on('error', error => this.#settle(failure(errorStory(error))));
    const isTcp = target.type === 'TCP';
    this.#within(
      isTcp ? CONNECT_MS.tcp : CONNECT_MS.http,
      'Connection timed out. The endpoint or the connection is down, or requests are being blocked.',
    );
    this.#socket.once(isTls ? 'secureConnect' : 'connect', () => {
      if (isTcp) this.#settle(success('TCP connection established'));
      else this.#ask();
    });
    if (signal.aborted) abort();
  }

  #within(ms: number, otherwise: string): void {
    this.#cancelDeadline();
    this.#cancelDeadline = this.#clock.after(ms, () => this.#settle(failure(otherwise)));
  }

  #ask(): void {
    const { path, hostHeader, searchString } = this.#target;
    this.#within(ANSWER_MS, 'The endpoint did not answer in time.');
    const headers = { host: hostHeader, 'user-agent': 'Amazon-Route53-Health-Check-Service', accept: '*/*' };
    const call = request({
      createConnection: (): Duplex => this.#socket,
      path,
      headers: { ...headers, connection: 'close' },
    });
    call.on('error', error => this.#settle(failure(errorStory(error))));
    call.on('response', response => {
      const status = response.statusCode ?? 0;
      const told = `HTTP Status Code ${status}, ${response.statusMessage ?? ''}`;
      if (status < 200 || status >= 400) return this.#settle(failure(told));
      if (searchString === undefined) return this.#settle(success(told));
      this.#within(BODY_MS, 'The body of the answer did not arrive in time.');
      let body = Buffer.alloc(0);
      const search = (isEnd: boolean) => {
        if (body.includes(searchString)) this.#settle(success(`${told}. The search string was found.`));
        else if (isEnd || body.length >= BODY_BYTES_MAX)
          this.#settle(failure(`${told}. The search string was not found in the first ${BODY_BYTES_MAX} bytes.`));
      };
      response.on('data', (chunk: Buffer) => {
        body = Buffer.concat([body, chunk]).subarray(0, BODY_BYTES_MAX);
        search(false);
      });
      response.on('end', () => search(true));
      response.on('error', error => this.#settle(failure(errorStory(error))));
    });
    call.end();
  }
}
