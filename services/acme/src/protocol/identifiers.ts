/** Identifiers of orders: DNS names (RFC 8555, 9.7.7) and addresses (RFC 8738). */
import { isIP, SocketAddress } from 'node:net';
import { LIMITS } from '../state/limits.ts';
import type { ChallengeType, Identifier } from '../state/records.ts';
import { record } from './jws.ts';
import { AcmeProblem, malformed } from './problem.ts';

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const NAME_LENGTH_MAX = 253;

/**
 * The identifiers a client asks for, in their one form and each once.
 * @throws AcmeProblem malformed, unsupportedIdentifier, rejectedIdentifier
 */
export function readIdentifiers(value: unknown): readonly Identifier[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > LIMITS.identifiers) {
    throw malformed(`An order is for one to ${LIMITS.identifiers} identifiers.`);
  }
  const byName = new Map(value.map(each => readIdentifier(each)).map(each => [`${each.type} ${each.value}`, each]));
  return [...byName.values()];
}

function readIdentifier(each: unknown): Identifier {
  const { type, value } = record(each) ?? {};
  if (typeof type !== 'string' || typeof value !== 'string') throw malformed('An identifier has type and value.');
  if (type !== 'dns' && type !== 'ip') {
    throw new AcmeProblem('unsupportedIdentifier', `Identifiers of the type ${type.slice(0, 40)} are not certified.`);
  }
  const canonical = type === 'dns' ? canonicalName(value) : canonicalAddress(value);
  if (canonical === undefined) {
    const members = { identifier: { type, value } };
    throw new AcmeProblem('rejectedIdentifier', `${value.slice(0, 300)} cannot be certified.`, { members });
  }
  return { type, value: canonical };
}

/** Lower case; undefined when it is no host name of two labels or more, with or without `*.` in front. */
function canonicalName(value: string): string | undefined {
  const name = value.toLowerCase();
  const labels = name.replace(/^\*\./, '').split('.');
  const isName = name.length <= NAME_LENGTH_MAX && labels.length >= 2 && labels.every(label => LABEL.test(label));
  // A name whose last label is a number is an address in disguise.
  return isName && !/^\d+$/.test(labels.at(-1)!) ? name : undefined;
}

/** The shortest form of an address (RFC 5952); undefined when it is none. */
export function canonicalAddress(value: string): string | undefined {
  const family = isIP(value);
  if (family === 0 || value.includes('%')) return undefined;
  return new SocketAddress({ address: value, family: family === 4 ? 'ipv4' : 'ipv6' }).address;
}

/** The ways to show that one controls an identifier. */
export function challengesFor({ type, value }: Identifier): readonly ChallengeType[] {
  if (type === 'ip') return ['http-01'];
  return value.startsWith('*.') ? ['dns-01'] : ['http-01', 'dns-01'];
}
