/** What the world asks and tells hosts in containers, on their internal ports over mutual TLS. */
import { type Agent, request } from 'node:http';
import { connectMutually, type TlsIdentity } from '@stormglass/pki';
import { agentOver } from '@stormglass/region/host';
import { hostName, internalPort, type ZonePart } from './parts.ts';

export interface HostPlace {
  readonly zone: string;
  readonly part: ZonePart;
}

const TIMEOUT_MS = 1000;
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

/** Each call rejects with an `Error` when the host does not answer in time. */
export class HostCalls {
  readonly #identity: TlsIdentity;
  readonly #region: string;
  readonly #pools = new Map<string, Agent>();

  constructor(identity: TlsIdentity, region: string) {
    this.#identity = identity;
    this.#region = region;
  }

  get = <T>(host: HostPlace, path: string): Promise<T> => this.#call(host, 'GET', path, '');
  put = (host: HostPlace, path: string, body: unknown): Promise<unknown> =>
    this.#call(host, 'PUT', path, JSON.stringify(body));

  close(): void {
    for (const agent of this.#pools.values()) agent.destroy();
  }

  #agent({ zone, part }: HostPlace): Agent {
    const name = hostName(part, zone);
    const known = this.#pools.get(name);
    if (known !== undefined) return known;
    const agent = agentOver(() =>
      connectMutually(this.#identity, {
        ...{ host: name, port: internalPort(part) },
        expects: peer => peer.role === 'host' && peer.zone === zone && peer.region === this.#region,
      }),
    );
    this.#pools.set(name, agent);
    return agent;
  }

  #call<T>(host: HostPlace, method: string, path: string, payload: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) };
      const call = request({ agent: this.#agent(host), method, path, headers, timeout: TIMEOUT_MS }, response => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > ANSWER_BYTES_MAX) call.destroy(new Error('the answer is too large'));
          else chunks.push(chunk);
        });
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode: status = 500 } = response;
          if (status >= 400) reject(new Error(`status ${status}`));
          else resolve(JSON.parse(Buffer.concat(chunks).toString() || 'null') as T);
        });
      });
      call.on('timeout', () => call.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
      call.on('error', reject);
      call.end(payload);
    });
  }
}
