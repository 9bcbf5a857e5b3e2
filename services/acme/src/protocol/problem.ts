/** Problems as clients are told of them (RFC 8555, 6.7; RFC 7807). Handlers throw them; `plugin.ts` writes them. */
import type { Problem } from '../state/records.ts';

const PREFIX = 'urn:ietf:params:acme:error:';

/** Of those that are not 400. */
const STATUSES: Readonly<Record<string, number>> = {
  accountDoesNotExist: 400,
  orderNotReady: 403,
  rateLimited: 429,
  serverInternal: 500,
  unauthorized: 403,
  userActionRequired: 403,
};

export interface ProblemOptions {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Members beside type, detail and status. */
  readonly members?: object;
  readonly cause?: unknown;
}

export class AcmeProblem extends Error {
  override readonly name = 'AcmeProblem';
  /** Without the prefix: `malformed`. */
  readonly type: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly #members: object;

  constructor(type: string, detail: string, { status, headers = {}, members = {}, cause }: ProblemOptions = {}) {
    super(detail, { cause });
    this.type = type;
    this.status = status ?? STATUSES[type] ?? 400;
    this.headers = headers;
    this.#members = members;
  }

  /** The problem document. */
  get document(): object {
    return { ...problemDocument({ type: this.type, detail: this.message }), status: this.status, ...this.#members };
  }
}

/** A problem inside another object: an order, a challenge. */
export const problemDocument = ({ type, detail }: Problem): object => ({ type: `${PREFIX}${type}`, detail });

export const malformed = (detail: string, cause?: unknown): AcmeProblem =>
  new AcmeProblem('malformed', detail, { cause });

export const notFound = (what: string): AcmeProblem =>
  new AcmeProblem('malformed', `There is no ${what}.`, { status: 404 });

export const unauthorized = (detail: string): AcmeProblem => new AcmeProblem('unauthorized', detail);

const RETRY_AFTER_S = 5;

/** Something the region needs is away; nothing that was acknowledged is lost, and a retry is safe. */
export const unavailable = (detail: string, cause?: unknown): AcmeProblem =>
  new AcmeProblem('serverInternal', detail, {
    status: 503,
    headers: { 'retry-after': String(RETRY_AFTER_S), connection: 'close' },
    cause,
  });

/** Puts what the state refused into a problem. */
export const refused = ({ type, detail }: Problem): AcmeProblem => new AcmeProblem(type, detail);
