/** The objects of RFC 8555, 7.1, as clients see them. */
import { problemDocument } from '../protocol/problem.ts';
import { date } from '../route.ts';
import type { AccountRecord, AuthorizationRecord, ChallengeRecord, OrderRecord } from '../state/records.ts';
import type { AcmeView } from '../state/view.ts';

export const accountUrl = (base: string, id: string): string => `${base}/account/${id}`;
export const orderUrl = (base: string, id: string): string => `${base}/order/${id}`;
export const authorizationUrl = (base: string, id: string): string => `${base}/authorization/${id}`;
export const challengeUrl = (base: string, authorizationId: string, type: string): string =>
  `${base}/challenge/${authorizationId}/${type}`;

export const accountDocument = ({ id, status, contact, jwk }: AccountRecord, base: string): object => ({
  status,
  contact,
  termsOfServiceAgreed: true,
  orders: `${accountUrl(base, id)}/orders`,
  key: jwk,
});

export function orderDocument(order: OrderRecord, base: string, view: AcmeView): object {
  const { id, identifiers, authorizationIds, expiresAt } = order;
  return {
    status: view.orderStatus(order),
    expires: date(expiresAt),
    identifiers,
    authorizations: authorizationIds.map(each => authorizationUrl(base, each)),
    finalize: `${orderUrl(base, id)}/finalize`,
    ...(order.status === 'valid' ? { certificate: `${base}/certificate/${id}` } : {}),
    ...(order.status === 'invalid' ? { error: problemDocument(order.problem) } : {}),
  };
}

export function authorizationDocument(authorization: AuthorizationRecord, base: string, view: AcmeView): object {
  const { id, identifier, wildcard, expiresAt, challenges, status } = authorization;
  // What led to the decision is all that is of interest then.
  const decisive = challenges.filter(each => each.status === status);
  const shown = decisive.length > 0 ? decisive : challenges;
  return {
    status: view.authorizationStatus(authorization),
    expires: date(expiresAt),
    identifier,
    ...(wildcard ? { wildcard } : {}),
    challenges: shown.map(challenge => challengeDocument(challenge, id, base)),
  };
}

export const challengeDocument = (challenge: ChallengeRecord, authorizationId: string, base: string): object => ({
  type: challenge.type,
  url: challengeUrl(base, authorizationId, challenge.type),
  status: challenge.status,
  token: challenge.token,
  ...(challenge.status === 'valid' ? { validated: date(challenge.validatedAt) } : {}),
  ...(challenge.status === 'invalid' ? { error: problemDocument(challenge.problem) } : {}),
});
