/** Orders, their authorizations and challenges. */
import { deactivated } from './apply-accounts.ts';
import type {
  CompleteOrder,
  CreateOrder,
  DeactivateAuthorization,
  FailOrder,
  FinalizeOrder,
  FinishChallenge,
  StartChallenge,
} from './commands.ts';
import { LIMITS, ORDER_LIFE_MS } from './limits.ts';
import type {
  AuthorizationRecord,
  ChallengeRecord,
  ChallengeType,
  Identifier,
  OrderProgress,
  OrderRecord,
  Problem,
} from './records.ts';
import { type AcmeResult, done, refuse } from './result.ts';
import type { AcmeTables } from './tables.ts';

export const applyOrders = {
  CreateOrder(tables: AcmeTables, command: CreateOrder, now: number): AcmeResult {
    const { orderId, accountId, identifiers, authorizations } = command;
    if (tables.accounts.get(accountId)?.status !== 'valid') return deactivated();
    if (tables.ordersOf(accountId).size >= LIMITS.ordersPerAccount || tables.orders.size >= LIMITS.orders) {
      return refuse('rateLimited', 'There are too many orders.');
    }
    if (identifiers.length === 0 || identifiers.length > LIMITS.identifiers) {
      return refuse('malformed', `An order is for one to ${LIMITS.identifiers} identifiers.`);
    }
    const expiresAt = now + ORDER_LIFE_MS;
    for (const [i, identifier] of identifiers.entries()) {
      const { id, challenges } = authorizations[i]!;
      tables.putAuthorization({
        ...{ id, orderId, accountId, expiresAt, status: 'pending' },
        ...authorized(identifier),
        challenges: challenges.map(challenge => ({ ...challenge, status: 'pending' })),
      });
    }
    const authorizationIds = identifiers.map((_, i) => authorizations[i]!.id);
    const order = { id: orderId, accountId, identifiers, authorizationIds, createdAt: now, expiresAt };
    tables.putOrder({ ...order, status: 'pending' });
    return done(orderId, true);
  },

  DeactivateAuthorization(tables: AcmeTables, { authorizationId }: DeactivateAuthorization, now: number): AcmeResult {
    const found = openAuthorization(tables, authorizationId, now, ['pending', 'valid']);
    if ('ok' in found) return found;
    tables.putAuthorization({ ...found, status: 'deactivated' });
    settleOrder(tables, found.orderId, { type: 'unauthorized', detail: 'An authorization was deactivated.' });
    return done(authorizationId);
  },

  StartChallenge(tables: AcmeTables, { authorizationId, challenge }: StartChallenge, now: number): AcmeResult {
    const found = openAuthorization(tables, authorizationId, now, ['pending']);
    if ('ok' in found) return found;
    const chosen = found.challenges.find(({ type }) => type === challenge);
    if (chosen === undefined) return refuse('malformed', `There is no challenge ${challenge}.`);
    const { type, token } = chosen;
    if (chosen.status === 'pending') replaceChallenge(tables, found, { type, token, status: 'processing' });
    return done(authorizationId);
  },

  /** The first outcome stands, whichever zone it came from. */
  FinishChallenge(tables: AcmeTables, command: FinishChallenge, now: number): AcmeResult {
    const found = tables.authorizations.get(command.authorizationId);
    const challenge = found?.challenges.find(({ type }) => type === command.challenge);
    if (found?.status !== 'pending' || challenge?.status !== 'processing') return refuse('malformed', 'It is over.');
    const { type, token } = challenge;
    const { problem } = command;
    const status = problem === undefined ? 'valid' : 'invalid';
    const finished: ChallengeRecord =
      problem === undefined
        ? { type, token, status: 'valid', validatedAt: now }
        : { type, token, status: 'invalid', problem };
    replaceChallenge(tables, { ...found, status }, finished);
    settleOrder(tables, found.orderId, problem);
    return done(found.id);
  },

  FinalizeOrder(tables: AcmeTables, { orderId, csr }: FinalizeOrder, now: number): AcmeResult {
    const order = tables.orders.get(orderId);
    if (order === undefined) return refuse('malformed', 'There is no such order.');
    // A client that did not hear the answer asks again.
    if (order.status === 'processing' && order.csr === csr) return done(orderId);
    if (order.status !== 'ready' || order.expiresAt <= now) {
      return refuse('orderNotReady', `The order is ${statusOf(order, now)}.`);
    }
    putProgress(tables, order, { status: 'processing', csr });
    return done(orderId);
  },

  /** The first certificate stands; every attempt to issue it gets the same one. */
  CompleteOrder(tables: AcmeTables, { orderId, serial, certificates }: CompleteOrder): AcmeResult {
    const order = tables.orders.get(orderId);
    if (order?.status === 'processing') putProgress(tables, order, { status: 'valid', serial, certificates });
    return done(orderId);
  },

  FailOrder(tables: AcmeTables, { orderId, problem }: FailOrder): AcmeResult {
    const order = tables.orders.get(orderId);
    if (order?.status === 'processing') putProgress(tables, order, { status: 'invalid', problem });
    return done(orderId);
  },
};

/** The status of an order at log time `now`. */
export const statusOf = ({ status, expiresAt }: OrderRecord, now: number): OrderRecord['status'] =>
  (status === 'pending' || status === 'ready') && expiresAt <= now ? 'invalid' : status;

function authorized({ type, value }: Identifier): { identifier: Identifier; wildcard: boolean } {
  const wildcard = value.startsWith('*.');
  return { identifier: { type, value: wildcard ? value.slice(2) : value }, wildcard };
}

function openAuthorization(
  tables: AcmeTables,
  id: string,
  now: number,
  allowed: readonly AuthorizationRecord['status'][],
): AuthorizationRecord | (AcmeResult & { ok: false }) {
  const found = tables.authorizations.get(id);
  const problem = (detail: string) => ({ ok: false, problem: { type: 'malformed', detail } }) as const;
  if (found === undefined) return problem('There is no such authorization.');
  if (found.expiresAt <= now) return problem('The authorization has expired.');
  return allowed.includes(found.status) ? found : problem(`The authorization is ${found.status}.`);
}

function replaceChallenge(tables: AcmeTables, authorization: AuthorizationRecord, challenge: ChallengeRecord): void {
  const isIt = (type: ChallengeType) => type === challenge.type;
  const challenges = authorization.challenges.map(each => (isIt(each.type) ? challenge : each));
  tables.putAuthorization({ ...authorization, challenges });
}

/** Makes an open order what its authorizations make of it. */
function settleOrder(tables: AcmeTables, orderId: string, problem: Problem | undefined): void {
  const order = tables.orders.get(orderId);
  if (order === undefined || (order.status !== 'pending' && order.status !== 'ready')) return;
  if (problem !== undefined) return putProgress(tables, order, { status: 'invalid', problem });
  const isReady = order.authorizationIds.every(id => tables.authorizations.get(id)?.status === 'valid');
  if (isReady) putProgress(tables, order, { status: 'ready' });
}

function putProgress(tables: AcmeTables, order: OrderRecord, progress: OrderProgress): void {
  const { id, accountId, identifiers, authorizationIds, createdAt, expiresAt } = order;
  tables.putOrder({ id, accountId, identifiers, authorizationIds, createdAt, expiresAt, ...progress });
}
