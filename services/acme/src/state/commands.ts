/** Commands of the ACME log: complete, with every id and token drawn before. */
import type { JWK } from 'jose';
import type { ChallengeType, Identifier, Problem } from './records.ts';

/** The key that seals nonces, 32 bytes in base64; the first one stays. */
export interface AddNonceKey {
  readonly type: 'AddNonceKey';
  readonly key: string;
}

/** `madeAt`: when the nonce says it was made, in ms since the epoch. */
export interface UseNonce {
  readonly type: 'UseNonce';
  readonly nonce: string;
  readonly madeAt: number;
}

export interface CreateAccount {
  readonly type: 'CreateAccount';
  readonly accountId: string;
  readonly thumbprint: string;
  readonly jwk: JWK;
  readonly contact: readonly string[];
}

export interface UpdateAccount {
  readonly type: 'UpdateAccount';
  readonly accountId: string;
  readonly contact?: readonly string[];
  readonly deactivate?: boolean;
}

export interface ChangeKey {
  readonly type: 'ChangeKey';
  readonly accountId: string;
  readonly oldThumbprint: string;
  readonly thumbprint: string;
  readonly jwk: JWK;
}

export interface NewAuthorization {
  readonly id: string;
  readonly challenges: readonly { readonly type: ChallengeType; readonly token: string }[];
}

/** `authorizations`: one for each identifier, in their order. */
export interface CreateOrder {
  readonly type: 'CreateOrder';
  readonly orderId: string;
  readonly accountId: string;
  readonly identifiers: readonly Identifier[];
  readonly authorizations: readonly NewAuthorization[];
}

export interface DeactivateAuthorization {
  readonly type: 'DeactivateAuthorization';
  readonly authorizationId: string;
}

export interface StartChallenge {
  readonly type: 'StartChallenge';
  readonly authorizationId: string;
  readonly challenge: ChallengeType;
}

/** What a validation has found; without a problem the client controls the identifier. */
export interface FinishChallenge {
  readonly type: 'FinishChallenge';
  readonly authorizationId: string;
  readonly challenge: ChallengeType;
  readonly problem?: Problem;
}

/** `csr`: PKCS #10, base64 of DER, whose names are those of the order. */
export interface FinalizeOrder {
  readonly type: 'FinalizeOrder';
  readonly orderId: string;
  readonly csr: string;
}

export interface CompleteOrder {
  readonly type: 'CompleteOrder';
  readonly orderId: string;
  readonly serial: string;
  readonly certificates: string;
}

export interface FailOrder {
  readonly type: 'FailOrder';
  readonly orderId: string;
  readonly problem: Problem;
}

export type AcmeCommand =
  | AddNonceKey
  | UseNonce
  | CreateAccount
  | UpdateAccount
  | ChangeKey
  | CreateOrder
  | DeactivateAuthorization
  | StartChallenge
  | FinishChallenge
  | FinalizeOrder
  | CompleteOrder
  | FailOrder;

export type CommandOf<Type extends AcmeCommand['type']> = Extract<AcmeCommand, { readonly type: Type }>;
