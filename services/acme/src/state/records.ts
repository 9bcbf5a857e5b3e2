/** What the ACME state holds. Records never change; an update stores a new one. Times are log time, in ms. */
import type { JWK } from 'jose';

export type IdentifierType = 'dns' | 'ip';

/** A name in lower case, `*.` in front of it for a wildcard; or an address in the form of RFC 5952. */
export interface Identifier {
  readonly type: IdentifierType;
  readonly value: string;
}

/** Why something failed, as a problem document says it (RFC 8555, 6.7), without the prefix of its type. */
export interface Problem {
  readonly type: string;
  readonly detail: string;
}

export interface AccountRecord {
  readonly id: string;
  /** Of its key (RFC 7638), in base64url. */
  readonly thumbprint: string;
  readonly jwk: JWK;
  readonly status: 'valid' | 'deactivated';
  readonly contact: readonly string[];
  readonly createdAt: number;
}

export type OrderRecord = {
  readonly id: string;
  readonly accountId: string;
  readonly identifiers: readonly Identifier[];
  readonly authorizationIds: readonly string[];
  readonly createdAt: number;
  /** Behind it an order that is not valid is invalid. */
  readonly expiresAt: number;
} & OrderProgress;

/** Each status carries only what it has. */
export type OrderProgress =
  | { readonly status: 'pending' | 'ready' }
  | { readonly status: 'processing'; readonly csr: string }
  /** `certificates`: PEM, the issued one first; `serial`: upper-case hexadecimal. */
  | { readonly status: 'valid'; readonly serial: string; readonly certificates: string }
  | { readonly status: 'invalid'; readonly problem: Problem };

export type ChallengeType = 'http-01' | 'dns-01';

export type ChallengeRecord = { readonly type: ChallengeType; readonly token: string } & (
  | { readonly status: 'pending' | 'processing' }
  | { readonly status: 'valid'; readonly validatedAt: number }
  | { readonly status: 'invalid'; readonly problem: Problem }
);

export interface AuthorizationRecord {
  readonly id: string;
  readonly orderId: string;
  readonly accountId: string;
  /** Without the `*.` of a wildcard. */
  readonly identifier: Identifier;
  readonly wildcard: boolean;
  readonly status: 'pending' | 'valid' | 'invalid' | 'deactivated';
  readonly expiresAt: number;
  readonly challenges: readonly ChallengeRecord[];
}

/** A nonce that has been used, and when. */
export interface UsedNonce {
  readonly nonce: string;
  readonly usedAt: number;
}

export type SnapshotRecord =
  | { readonly table: 'nonce-key'; readonly record: string }
  | { readonly table: 'account'; readonly record: AccountRecord }
  | { readonly table: 'order'; readonly record: OrderRecord }
  | { readonly table: 'authorization'; readonly record: AuthorizationRecord }
  | { readonly table: 'nonce'; readonly record: UsedNonce };
