/** Calls to the API of a link (`link-api.ts`). */
import { request } from 'node:http';
import { type Clock, systemCode } from '@stormglass/base';
import type { LinkStats } from './link.ts';
import type { TimedRule } from './timed-rules.ts';

/** The link refused the call, or could not be reached (`status` is undefined). */
export class LinkClientError extends Error {
  override readonly name = 'LinkClientError';
  readonly status: number | undefined;
  constructor(message: string, options: ErrorOptions & { status?: number } = {}) {
    super(message, options);
    this.status = options.status;
  }
}

/** A rule as a caller gives it; what is missing has its default. */
export type WantedRule = Partial<TimedRule> & { readonly fault: string };

export interface LinkClientOptions {
  /** For example `http://link-use1-az1-use1-az2:8474`. */
  readonly endpoint: string;
  readonly clock: Clock;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 2000;
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;

/** Each call rejects with `LinkClientError`. */
export class LinkClient {
  readonly #options: LinkClientOptions;

  constructor(options: LinkClientOptions) {
    this.#options = options;
  }

  rules = (): Promise<readonly TimedRule[]> => this.#call('GET', '/rules');
  /** These rules and no others. */
  replace = (rules: readonly WantedRule[]): Promise<readonly TimedRule[]> => this.#call('PUT', '/rules', rules);
  add = (rule: WantedRule): Promise<TimedRule> => this.#call('POST', '/rules', rule);
  clear = (id?: string): Promise<{ readonly cleared: number }> =>
    this.#call('DELETE', id === undefined ? '/rules' : `/rules/${id}`);
  stats = (): Promise<LinkStats> => this.#call('GET', '/stats');
  health = (): Promise<{ readonly status: 'ok' }> => this.#call('GET', '/healthz');

  #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { endpoint, clock, timeoutMs = TIMEOUT_MS } = this.#options;
    const payload = body === undefined ? '' : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const fail = (why: string, cause?: unknown) => {
        cancel();
        call.destroy();
        reject(new LinkClientError(`the link at ${endpoint} ${why}`, { cause }));
      };
      const cancel = clock.after(timeoutMs, () => fail(`did not answer within ${timeoutMs} ms`));
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) };
      const call = request(new URL(path, endpoint), { method, headers, agent: false }, response => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > ANSWER_BYTES_MAX) fail('answered too much');
          else chunks.push(chunk);
        });
        response.on('error', error => fail('broke off', error));
        response.on('end', () => {
          cancel();
          const { statusCode: status = 500 } = response;
          const answer = parse(Buffer.concat(chunks).toString());
          if (status < 400 && answer !== undefined) return resolve(answer as T);
          const message = (answer as { message?: string } | undefined)?.message ?? `status ${status}`;
          reject(new LinkClientError(message, { status }));
        });
      });
      call.on('error', error => fail(`cannot be reached (${systemCode(error) ?? error.message})`, error));
      call.end(payload);
    });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
