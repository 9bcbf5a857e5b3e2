/** What a route of ACME is: who may sign for it, and what it answers. */
import type { AcmeOptions } from './deps.ts';
import { malformed, notFound, unauthorized } from './protocol/problem.ts';
import type { SignedBy, SignedRequest } from './request.ts';
import type { AccountRecord } from './state/records.ts';
import type { AcmeWork } from './work.ts';

export interface AcmeDeps extends AcmeOptions {
  readonly work: AcmeWork;
}

export interface AcmeCall {
  /** Where answers say that things are, without the last slash. */
  readonly base: string;
  readonly url: string;
  /** What stands in the path for `:name`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
}

export interface AcmeAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** JSON, or a text whose `content-type` is among the headers. */
  readonly body?: object | string;
}

type Answer = AcmeAnswer | Promise<AcmeAnswer>;

export type AcmeRoute =
  | {
      readonly method: 'GET' | 'HEAD';
      readonly path: string;
      readonly handle: (call: AcmeCall, deps: AcmeDeps) => Answer;
    }
  | {
      readonly method: 'POST';
      readonly path: string;
      readonly signedBy: SignedBy;
      readonly handle: (signed: SignedRequest, call: AcmeCall, deps: AcmeDeps) => Answer;
    };

/** The account that signed; routes signed by `kid` have one. */
export function accountOf({ account }: SignedRequest): AccountRecord {
  if (account === undefined) throw malformed('The request is not signed by an account.');
  return account;
}

/** For what is only read: the payload must be empty. @throws AcmeProblem */
export function requireNoPayload({ payload }: SignedRequest): void {
  if (payload !== undefined) throw malformed('This is read with an empty payload (POST-as-GET).');
}

/** @throws AcmeProblem when there is no payload */
export function requirePayload({ payload }: SignedRequest): Readonly<Record<string, unknown>> {
  if (payload === undefined) throw malformed('The payload is empty.');
  return payload;
}

/** What belongs to the account that asks. @throws AcmeProblem */
export function own<T extends { readonly accountId: string }>(
  found: T | undefined,
  account: AccountRecord,
  what: string,
): T {
  if (found === undefined) throw notFound(what);
  if (found.accountId !== account.id) throw unauthorized(`The ${what} is another account's.`);
  return found;
}

export const date = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
