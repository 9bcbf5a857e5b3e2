/** Orders, from the first wish to the certificate (RFC 8555, 7.4). */
import { hexId, type Random } from '@stormglass/base';
import { challengesFor, readIdentifiers } from '../protocol/identifiers.ts';
import { malformed, notFound } from '../protocol/problem.ts';
import { requireSigningRequest } from '../protocol/signing-request.ts';
import { execute, type SignedRequest } from '../request.ts';
import {
  type AcmeAnswer,
  type AcmeCall,
  type AcmeDeps,
  type AcmeRoute,
  accountOf,
  own,
  requireNoPayload,
  requirePayload,
} from '../route.ts';
import type { Identifier, OrderRecord } from '../state/records.ts';
import { orderDocument, orderUrl } from './documents.ts';

const ID_BYTES = 10;
/** RFC 8555, 8: at least 128 bits. */
const TOKEN_BYTES = 32;
const RETRY_AFTER_S = 1;

export const orderRoutes: readonly AcmeRoute[] = [
  { method: 'POST', path: '/new-order', signedBy: 'kid', handle: newOrder },
  { method: 'POST', path: '/order/:id', signedBy: 'kid', handle: order },
  { method: 'POST', path: '/order/:id/finalize', signedBy: 'kid', handle: finalize },
  { method: 'POST', path: '/certificate/:id', signedBy: 'kid', handle: certificate },
];

async function newOrder(signed: SignedRequest, { base }: AcmeCall, deps: AcmeDeps): Promise<AcmeAnswer> {
  const { id: accountId } = accountOf(signed);
  const { identifiers: asked, notBefore, notAfter } = requirePayload(signed);
  if (notBefore !== undefined || notAfter !== undefined) {
    throw malformed('The dates of a certificate are for the server to say.');
  }
  const identifiers = readIdentifiers(asked);
  const authorizations = identifiers.map(each => newAuthorization(each, deps.random));
  const orderId = hexId(deps.random, ID_BYTES);
  await execute({ type: 'CreateOrder', orderId, accountId, identifiers, authorizations }, deps);
  const made = deps.replica.view.order(orderId)!;
  return {
    status: 201,
    headers: { location: orderUrl(base, orderId) },
    body: orderDocument(made, base, deps.replica.view),
  };
}

const newAuthorization = (identifier: Identifier, random: Random) => ({
  id: hexId(random, ID_BYTES),
  challenges: challengesFor(identifier).map(type => ({
    type,
    token: Buffer.from(random.bytes(TOKEN_BYTES)).toString('base64url'),
  })),
});

function order(signed: SignedRequest, { base, params }: AcmeCall, deps: AcmeDeps): AcmeAnswer {
  requireNoPayload(signed);
  return answer(ownOrder(signed, params.id, deps), base, deps);
}

async function finalize(signed: SignedRequest, { base, params }: AcmeCall, deps: AcmeDeps): Promise<AcmeAnswer> {
  const { csr } = requirePayload(signed);
  const { id, identifiers } = ownOrder(signed, params.id, deps);
  const request = await requireSigningRequest(csr, identifiers, signed.key);
  await execute({ type: 'FinalizeOrder', orderId: id, csr: request }, deps);
  void deps.work.issue(id);
  return answer(deps.replica.view.order(id)!, base, deps);
}

function certificate(signed: SignedRequest, { params }: AcmeCall, deps: AcmeDeps): AcmeAnswer {
  requireNoPayload(signed);
  const found = ownOrder(signed, params.id, deps);
  if (found.status !== 'valid') throw notFound('certificate of this order');
  return {
    status: 200,
    headers: { 'content-type': 'application/pem-certificate-chain' },
    body: found.certificates,
  };
}

const ownOrder = (signed: SignedRequest, id: string | undefined, { replica }: AcmeDeps): OrderRecord =>
  own(replica.view.order(id ?? ''), accountOf(signed), 'order');

const answer = (found: OrderRecord, base: string, { replica }: AcmeDeps): AcmeAnswer => ({
  status: 200,
  headers: {
    location: orderUrl(base, found.id),
    ...(found.status === 'processing' ? { 'retry-after': String(RETRY_AFTER_S) } : {}),
  },
  body: orderDocument(found, base, replica.view),
});
