/**
 * One service of the zone, as its entrance sees it: passes requests on over mutual TLS, and asks twice a second how it is.
 */
import { type Agent, request } from 'node:http';
import type { Cancel, Clock } from '@stormglass/base';
import type { ZoneHealth } from '@stormglass/contracts';
import { connectMutually, type TlsIdentity } from '@stormglass/pki';
import { agentOver } from '@stormglass/region/host';
import type { ServiceName } from '@stormglass/region/services';
import type { RequestBody } from '@stormglass/service-kit';
import { hostName, PORTS } from './parts.ts';
import { callStreamed } from './streamed-call.ts';

export interface ServiceConnectionOptions {
  readonly service: ServiceName;
  readonly zone: string;
  readonly region: string;
  /** Of the entrance. */
  readonly identity: TlsIdentity;
  readonly clock: Clock;
}

export interface PassedOn {
  readonly method: string;
  readonly path: string;
  /** In pairs. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

export interface PassedBack {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

const HEALTH_EVERY_MS = 500;
const HEALTH_TIMEOUT_MS = 1000;
/** Longer than any deadline of a service: it says itself when it gives up. */
const ANSWER_TIMEOUT_MS = 40_000;
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
const CONNECTIONS_MAX = 512;
/** Misses after which a service counts as away. */
const MISSES = 2;

export class ServiceConnection {
  readonly #options: ServiceConnectionOptions;
  readonly #agent: Agent;
  #report: ZoneHealth | undefined;
  #misses = 0;
  #cancel: Cancel = () => {};
  #closed = false;

  constructor(options: ServiceConnectionOptions) {
    this.#options = options;
    const { service, zone, region, identity } = options;
    this.#agent = agentOver(
      () =>
        connectMutually(identity, {
          ...{ host: hostName(service, zone), port: PORTS.requests },
          expects: peer => peer.role === 'host' && peer.region === region && peer.zone === zone,
        }),
      CONNECTIONS_MAX,
    );
    void this.#watch();
  }

  /** What the service last said of itself; undefined while it does not answer. */
  get report(): ZoneHealth | undefined {
    return this.#report;
  }

  /** @throws Error when there is no answer, whatever became of the request */
  pass({ method, path, headers, body }: PassedOn, timeoutMs = ANSWER_TIMEOUT_MS): Promise<PassedBack> {
    const { service, clock } = this.#options;
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => {
        cancel();
        call.destroy();
        reject(error);
      };
      const cancel = clock.after(timeoutMs, () => fail(new Error(`${service} did not answer within ${timeoutMs} ms`)));
      const call = request({ agent: this.#agent, method, path, headers, setHost: false }, response => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > ANSWER_BYTES_MAX) fail(new Error(`the answer of ${service} is too large`));
          else chunks.push(chunk);
        });
        response.on('error', fail);
        response.on('end', () => {
          cancel();
          const { statusCode: status = 502, rawHeaders } = response;
          resolve({ status, headers: pairs(rawHeaders), body: Buffer.concat(chunks) });
        });
      });
      call.on('error', fail);
      call.end(body);
    });
  }

  /**
   * Passes on what is not to be held, and resolves with the head of the answer.
   * @throws AwsError when the body breaks off; Error when there is no answer, whatever became of the request
   */
  async passStreamed({ body, ...asked }: Omit<PassedOn, 'body'> & { readonly body: RequestBody }) {
    const { clock } = this.#options;
    const call = { ...asked, body, agent: this.#agent, silenceMs: ANSWER_TIMEOUT_MS, clock };
    const { status, rawHeaders, body: answer } = await callStreamed(call);
    const headers = pairs(rawHeaders, STREAM_HOP);
    // HEAD, 204 and 304 have no body to stream, and the first says how long it would be.
    return { status, headers, body: asked.method === 'HEAD' ? await none(answer) : answer };
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
    this.#agent.destroy();
  }

  async #watch(): Promise<void> {
    while (!this.#closed) {
      await this.#ask();
      await new Promise<void>(resolve => {
        this.#cancel = this.#options.clock.after(HEALTH_EVERY_MS, resolve);
      });
    }
  }

  async #ask(): Promise<void> {
    const question = {
      method: 'GET',
      path: '/_stormglass/health',
      headers: ['host', 'entrance'],
      body: Buffer.alloc(0),
    };
    try {
      const { body } = await this.pass(question, HEALTH_TIMEOUT_MS);
      this.#report = JSON.parse(body.toString()) as ZoneHealth;
      this.#misses = 0;
    } catch {
      if (++this.#misses >= MISSES) this.#report = undefined;
    }
  }
}

/** Headers that belong to one connection and not to the message (RFC 9110, 7.6.1). */
const STREAM_HOP: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding']);
/** The length is that of the body as it was read. */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([...STREAM_HOP, 'content-length']);

async function none(body: AsyncIterable<Buffer>): Promise<undefined> {
  for await (const _ of body) break;
}

function pairs(raw: readonly string[], left = OF_THE_CONNECTION): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase();
    if (!left.has(name)) headers[name] = name in headers ? `${headers[name]}, ${raw[i + 1]}` : raw[i + 1]!;
  }
  return headers;
}
