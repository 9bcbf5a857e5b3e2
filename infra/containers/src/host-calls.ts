/** What the world asks and tells hosts in containers, on their internal ports over mutual TLS. */
import type { Agent } from 'node:http';
import type { Clock } from '@stormglass/base';
import { LinkRules } from '@stormglass/faults';
import { connectMutually, type TlsIdentity } from '@stormglass/pki';
import { agentOver, internalCall } from '@stormglass/region/host';
import { hostName, internalPort, WORLD, type ZonePart } from './parts.ts';

export interface HostPlace {
  readonly zone: string;
  readonly part: ZonePart;
}

const TIMEOUT_MS = 1000;
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;
/** The world stands in every zone; links between zones are not in its way. */
const NO_FAULTS = new LinkRules();

/** Each call rejects with an `Error` when the host does not answer in time. */
export class HostCalls {
  readonly #identity: TlsIdentity;
  readonly #region: string;
  readonly #clock: Clock;
  readonly #pools = new Map<string, Agent>();

  constructor(identity: TlsIdentity, region: string, clock: Clock) {
    this.#identity = identity;
    this.#region = region;
    this.#clock = clock;
  }

  get = <T>(host: HostPlace, path: string): Promise<T> => this.#call(host, 'GET', path);
  put = (host: HostPlace, path: string, body: unknown): Promise<unknown> => this.#call(host, 'PUT', path, body);

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

  async #call<T>(host: HostPlace, method: 'GET' | 'PUT', path: string, body?: unknown): Promise<T> {
    const { status, text } = await internalCall({
      ...{ from: WORLD, to: hostName(host.part, host.zone), links: NO_FAULTS, clock: this.#clock },
      ...{ agent: this.#agent(host), method, path, body, timeoutMs: TIMEOUT_MS, bytesMax: ANSWER_BYTES_MAX },
    });
    if (status >= 400) throw new Error(`status ${status}`);
    return JSON.parse(text || 'null') as T;
  }
}
