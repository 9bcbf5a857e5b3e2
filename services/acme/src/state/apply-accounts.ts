/** Nonces and accounts. */
import type { AddNonceKey, ChangeKey, CreateAccount, UpdateAccount, UseNonce } from './commands.ts';
import { LIMITS, NONCE_LIFE_MS } from './limits.ts';
import { type AcmeResult, done, refuse } from './result.ts';
import type { AcmeTables } from './tables.ts';

export const applyAccounts = {
  AddNonceKey(tables: AcmeTables, { key }: AddNonceKey): AcmeResult {
    // Somebody else was first: their key is as good as ours.
    tables.nonceKey ??= key;
    return done('');
  },

  UseNonce(tables: AcmeTables, { nonce, madeAt }: UseNonce, now: number): AcmeResult {
    if (tables.nonces.has(nonce)) return refuse('badNonce', 'The nonce has been used already.');
    if (Math.abs(now - madeAt) > NONCE_LIFE_MS) return refuse('badNonce', 'The nonce is too old.');
    if (tables.nonces.size >= LIMITS.nonces) return refuse('rateLimited', 'There are too many requests.');
    tables.nonces.set(nonce, now);
    return done('');
  },

  CreateAccount(tables: AcmeTables, command: CreateAccount, now: number): AcmeResult {
    const { accountId, thumbprint, jwk, contact } = command;
    const known = tables.accountOfKey(thumbprint);
    if (known !== undefined) return done(known.id);
    if (tables.accounts.size >= LIMITS.accounts) return refuse('rateLimited', 'There are too many accounts.');
    tables.putAccount({ id: accountId, thumbprint, jwk, contact, status: 'valid', createdAt: now });
    return done(accountId, true);
  },

  UpdateAccount(tables: AcmeTables, { accountId, contact, deactivate }: UpdateAccount): AcmeResult {
    const account = tables.accounts.get(accountId);
    if (account?.status !== 'valid') return deactivated();
    const status = deactivate === true ? 'deactivated' : 'valid';
    tables.putAccount({ ...account, status, contact: contact ?? account.contact });
    return done(accountId);
  },

  /** Answers with the account that has the new key already, if there is one: `created` is false then. */
  ChangeKey(tables: AcmeTables, { accountId, oldThumbprint, thumbprint, jwk }: ChangeKey): AcmeResult {
    const account = tables.accounts.get(accountId);
    if (account?.status !== 'valid') return deactivated();
    const holder = tables.accountOfKey(thumbprint);
    if (holder !== undefined) return done(holder.id);
    if (account.thumbprint !== oldThumbprint)
      return refuse('unauthorized', 'That is no longer the key of the account.');
    tables.putAccount({ ...account, thumbprint, jwk });
    return done(accountId, true);
  },
};

/** What a deactivated account, or none, is told. */
export const deactivated = (): AcmeResult => refuse('unauthorized', 'The account is deactivated.');
