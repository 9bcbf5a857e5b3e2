/** Authorizations and their challenges (RFC 8555, 7.5). */
import { malformed, notFound } from '../protocol/problem.ts';
import { execute, type SignedRequest } from '../request.ts';
import { type AcmeAnswer, type AcmeCall, type AcmeDeps, type AcmeRoute, accountOf, own } from '../route.ts';
import type { AuthorizationRecord } from '../state/records.ts';
import { authorizationDocument, authorizationUrl, challengeDocument } from './documents.ts';

const RETRY_AFTER_S = 1;

export const authorizationRoutes: readonly AcmeRoute[] = [
  { method: 'POST', path: '/authorization/:id', signedBy: 'kid', handle: authorization },
  { method: 'POST', path: '/challenge/:id/:type', signedBy: 'kid', handle: challenge },
];

async function authorization(signed: SignedRequest, { base, params }: AcmeCall, deps: AcmeDeps): Promise<AcmeAnswer> {
  const { id } = ownAuthorization(signed, params.id, deps);
  if (signed.payload !== undefined) {
    if (signed.payload.status !== 'deactivated') throw malformed('An authorization can only become deactivated.');
    await execute({ type: 'DeactivateAuthorization', authorizationId: id }, deps);
  }
  const { view } = deps.replica;
  const found = view.authorization(id)!;
  const isOpen = found.challenges.some(({ status }) => status === 'processing');
  return {
    status: 200,
    headers: isOpen && found.status === 'pending' ? { 'retry-after': String(RETRY_AFTER_S) } : {},
    body: authorizationDocument(found, base, view),
  };
}

/** With a payload, the client says that it is ready; without one, it looks. */
async function challenge(signed: SignedRequest, { base, params }: AcmeCall, deps: AcmeDeps): Promise<AcmeAnswer> {
  const found = ownAuthorization(signed, params.id, deps);
  const chosen = found.challenges.find(({ type }) => type === params.type);
  if (chosen === undefined) throw notFound('challenge');
  if (signed.payload !== undefined && chosen.status === 'pending') {
    await execute({ type: 'StartChallenge', authorizationId: found.id, challenge: chosen.type }, deps);
    void deps.work.validate(found.id);
  }
  const now = deps.replica.view.authorization(found.id)!.challenges.find(({ type }) => type === chosen.type)!;
  return {
    status: 200,
    headers: {
      link: `<${authorizationUrl(base, found.id)}>;rel="up"`,
      ...(now.status === 'processing' ? { 'retry-after': String(RETRY_AFTER_S) } : {}),
    },
    body: challengeDocument(now, found.id, base),
  };
}

const ownAuthorization = (signed: SignedRequest, id: string | undefined, { replica }: AcmeDeps): AuthorizationRecord =>
  own(replica.view.authorization(id ?? ''), accountOf(signed), 'authorization');
