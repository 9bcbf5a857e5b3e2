/** Has the certificate of an order issued, and puts it into the log. */
import { AuthorityError } from '@stormglass/contracts';
import type { AcmeOptions } from './deps.ts';
import type { Problem } from './state/records.ts';

const CERTIFICATE_LIFE_MS = 90 * 24 * 3_600_000;

/** What the authority's ledger says of certificates of an account. */
export const holderOf = (accountId: string): string => `acme account ${accountId}`;

/**
 * Does nothing when there is nothing to issue. Every attempt, in whichever zone, asks for the same certificate.
 * @throws AuthorityError when the authority is away; LogUnavailable
 */
export async function issueOrder(orderId: string, options: AcmeOptions, signal: AbortSignal): Promise<void> {
  const { replica, issuer, clock, deadlineMs } = options;
  const order = replica.view.order(orderId);
  if (order?.status !== 'processing' || signal.aborted) return;
  const issued = await issuer
    .issue({
      ...{ csr: order.csr, use: 'server', holder: holderOf(order.accountId), requestId: `acme/${orderId}` },
      notAfter: clock.now() + CERTIFICATE_LIFE_MS,
    })
    .catch(refusal);
  const execute = { deadline: clock.monotonic() + deadlineMs };
  if ('detail' in issued) {
    await replica.execute({ type: 'FailOrder', orderId, problem: issued }, execute);
    return;
  }
  const { serial, certificate, chain } = issued;
  const certificates = [certificate, ...chain].map(pem => `${pem.trim()}\n`).join('');
  await replica.execute({ type: 'CompleteOrder', orderId, serial, certificates }, execute);
}

/** What the authority will not do however often it is asked ends the order. */
function refusal(error: unknown): Problem {
  if (!(error instanceof AuthorityError)) throw error;
  switch (error.code) {
    case 'MalformedRequest':
      return { type: 'badCSR', detail: error.message };
    case 'LedgerFull':
      return { type: 'rateLimited', detail: error.message };
    case 'Refused':
    case 'UnknownCertificate':
      return { type: 'serverInternal', detail: error.message };
    case 'Unavailable':
      throw error;
  }
}
