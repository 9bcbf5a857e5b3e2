/** Accounts and their keys (RFC 8555, 7.3). */
import { hexId } from '@stormglass/base';
import type { JWK } from 'jose';
import { accountKey, record } from '../protocol/jws.ts';
import { AcmeProblem, malformed, unauthorized } from '../protocol/problem.ts';
import { authenticateInner, execute, type SignedRequest } from '../request.ts';
import { type AcmeAnswer, type AcmeCall, type AcmeDeps, type AcmeRoute, accountOf, requirePayload } from '../route.ts';
import { accountDocument, accountUrl, orderUrl } from './documents.ts';

const ID_BYTES = 10;
const CONTACTS_MAX = 10;
const CONTACT_LENGTH_MAX = 256;
const ORDERS_PAGE = 100;

export const accountRoutes: readonly AcmeRoute[] = [
  { method: 'POST', path: '/new-account', signedBy: 'jwk', handle: newAccount },
  { method: 'POST', path: '/account/:id', signedBy: 'kid', handle: account },
  { method: 'POST', path: '/account/:id/orders', signedBy: 'kid', handle: orders },
  { method: 'POST', path: '/key-change', signedBy: 'kid', handle: keyChange },
];

async function newAccount(signed: SignedRequest, { base }: AcmeCall, deps: AcmeDeps): Promise<AcmeAnswer> {
  const { key } = signed;
  const { contact, termsOfServiceAgreed, onlyReturnExisting } = requirePayload(signed);
  const { view } = deps.replica;
  const known = view.accountOfKey(key.thumbprint);
  if (known === undefined && onlyReturnExisting === true) {
    throw new AcmeProblem('accountDoesNotExist', 'There is no account with this key.');
  }
  if (known === undefined && termsOfServiceAgreed !== true) {
    const headers = { link: `<${base}/terms>;rel="terms-of-service"` };
    throw new AcmeProblem('userActionRequired', 'The terms of service must be agreed to.', { headers });
  }
  const command = { type: 'CreateAccount', accountId: hexId(deps.random, ID_BYTES), ...key } as const;
  const made = await execute({ ...command, contact: known === undefined ? readContact(contact) : [] }, deps);
  const found = view.account(made.id)!;
  if (found.status !== 'valid') throw unauthorized('The account is deactivated.');
  return {
    status: made.created ? 201 : 200,
    headers: { location: accountUrl(base, found.id) },
    body: accountDocument(found, base),
  };
}

async function account(signed: SignedRequest, call: AcmeCall, deps: AcmeDeps): Promise<AcmeAnswer> {
  const { id } = requireOwn(signed, call);
  const { payload } = signed;
  if (payload !== undefined) {
    const { status, contact } = payload;
    if (status !== undefined && status !== 'deactivated') throw malformed('An account can only become deactivated.');
    const changes = {
      ...(contact === undefined ? {} : { contact: readContact(contact) }),
      ...(status === undefined ? {} : { deactivate: true }),
    };
    if (Object.keys(changes).length > 0) await execute({ type: 'UpdateAccount', accountId: id, ...changes }, deps);
  }
  const found = deps.replica.view.account(id)!;
  return {
    status: 200,
    headers: { location: accountUrl(call.base, id) },
    body: accountDocument(found, call.base),
  };
}

/** A page of orders, the newest first; `before` is the last one of the page before. */
function orders(signed: SignedRequest, call: AcmeCall, { replica }: AcmeDeps): AcmeAnswer {
  const { id } = requireOwn(signed, call);
  const all = [...replica.view.ordersOf(id)].reverse();
  const from = all.indexOf(call.query.before ?? '') + 1;
  const page = all.slice(from, from + ORDERS_PAGE);
  const next = `<${accountUrl(call.base, id)}/orders?before=${page.at(-1)}>;rel="next"`;
  return {
    status: 200,
    headers: from + ORDERS_PAGE < all.length ? { link: next } : {},
    body: { orders: page.map(each => orderUrl(call.base, each)) },
  };
}

async function keyChange(signed: SignedRequest, { base, url }: AcmeCall, deps: AcmeDeps): Promise<AcmeAnswer> {
  const { id, thumbprint: oldThumbprint } = accountOf(signed);
  const inner = await authenticateInner(requirePayload(signed), url);
  const { account: named, oldKey } = inner.payload ?? {};
  if (named !== accountUrl(base, id)) throw malformed('The inner JWS names another account.');
  if (record(oldKey) === undefined) throw malformed('The inner JWS has no old key.');
  const old = await accountKey(oldKey as JWK);
  if (old.thumbprint !== oldThumbprint) throw malformed('The inner JWS names another old key.');
  const { id: holder, created } = await execute(
    { type: 'ChangeKey', accountId: id, oldThumbprint, ...inner.key },
    deps,
  );
  if (!created) {
    const headers = { location: accountUrl(base, holder) };
    throw new AcmeProblem('malformed', 'The new key is that of an account already.', { status: 409, headers });
  }
  return { status: 200, body: accountDocument(deps.replica.view.account(id)!, base) };
}

function requireOwn(signed: SignedRequest, { params }: AcmeCall) {
  const found = accountOf(signed);
  if (found.id !== params.id) throw unauthorized("That is another client's account.");
  return found;
}

function readContact(contact: unknown = []): readonly string[] {
  if (!Array.isArray(contact) || contact.length > CONTACTS_MAX) {
    throw malformed(`The contact is a list of at most ${CONTACTS_MAX} URLs.`);
  }
  return contact.map(each => {
    if (typeof each !== 'string' || each.length > CONTACT_LENGTH_MAX) throw invalidContact('A contact is a short URL.');
    if (!each.startsWith('mailto:')) throw new AcmeProblem('unsupportedContact', 'Contacts are mailto URLs.');
    if (!/^mailto:[^\s@,?]+@[^\s@,?]+$/.test(each)) throw invalidContact('A mailto URL has one address and no more.');
    return each;
  });
}

const invalidContact = (detail: string): AcmeProblem => new AcmeProblem('invalidContact', detail);
