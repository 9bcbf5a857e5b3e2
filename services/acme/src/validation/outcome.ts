/** Why a validation did not succeed, in the words of RFC 8555, 6.7; thrown by what validates. */
import type { Problem } from '../state/records.ts';

export class ValidationFailed extends Error {
  override readonly name = 'ValidationFailed';
  readonly problem: Problem;
  constructor(type: 'connection' | 'dns' | 'incorrectResponse' | 'unauthorized', detail: string, cause?: unknown) {
    super(detail, { cause });
    this.problem = { type, detail };
  }
}

/** What a validation is asked to find. */
export interface Validation {
  readonly identifier: { readonly type: 'dns' | 'ip'; readonly value: string };
  readonly token: string;
  /** Token and thumbprint of the account's key (RFC 8555, 8.1). */
  readonly keyAuthorization: string;
}
