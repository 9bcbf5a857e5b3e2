/** dns-01: a TXT record under the name holds a digest of the key authorization (RFC 8555, 8.4). */
import { hash } from 'node:crypto';
import type { Resolve } from '../deps.ts';
import { records } from './addresses.ts';
import { type Validation, ValidationFailed } from './outcome.ts';

/** @throws ValidationFailed */
export async function validateDns(
  { identifier, keyAuthorization }: Validation,
  { resolve }: { readonly resolve: Resolve },
): Promise<void> {
  const name = `_acme-challenge.${identifier.value}`;
  const expected = hash('sha256', keyAuthorization, 'base64url');
  const texts = (await records(name, 'TXT', resolve)).map(({ data }) => textOf(data));
  if (texts.includes(expected)) return;
  const found = texts.length === 0 ? 'none' : texts.map(text => text.slice(0, 100)).join(', ');
  throw new ValidationFailed('unauthorized', `${name} should have the TXT record ${expected}; it has ${found}.`);
}

/** A record is one text or several pieces of it, each a string or bytes. */
const textOf = (data: unknown): string => (Array.isArray(data) ? data : [data]).map(String).join('');
