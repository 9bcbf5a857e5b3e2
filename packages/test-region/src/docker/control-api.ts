/** The world's control API where it is published on a port instead of a socket: the same calls, over HTTP. */
import { type FaultRequest, type FaultStatus, type RegionStatus, WorldError } from '@stormglass/contracts';

const TIMEOUT_MS = 30_000;

/** Each call rejects with `WorldError`. */
export class ControlApi {
  readonly #url: string;

  /** `http://127.0.0.1:4590` */
  constructor(url: string) {
    this.#url = url;
  }

  status = (): Promise<RegionStatus> => this.#call('GET', '/status');
  /** Resolves when the region serves in every zone. */
  wait = (timeoutMs: number): Promise<RegionStatus> => this.#call('POST', '/wait', { timeoutMs }, timeoutMs);
  addFault = (request: FaultRequest): Promise<FaultStatus> => this.#call('POST', '/faults', request);
  clearFaults = (id?: string): Promise<{ cleared: number }> =>
    this.#call('DELETE', id === undefined ? '/faults' : `/faults/${id}`);

  async #call<T>(method: string, path: string, body?: unknown, patienceMs = 0): Promise<T> {
    const headers = { 'content-type': 'application/json' };
    const signal = AbortSignal.timeout(patienceMs + TIMEOUT_MS);
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    try {
      const response = await fetch(`${this.#url}${path}`, { method, headers, signal, ...content });
      const answer = (await response.json()) as T & { readonly message?: string };
      if (response.ok) return answer;
      throw new WorldError(answer.message ?? `status ${response.status}`);
    } catch (cause) {
      if (cause instanceof WorldError) throw cause;
      throw new WorldError('the region cannot be reached', { cause, notRunning: true });
    }
  }
}
