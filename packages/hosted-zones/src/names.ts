/**
 * Domain names as Route 53 keeps and shows them: lower case, with the last dot, and every character but letters, digits,
 * hyphen and underscore as a backslash and three octal digits (Route 53 Developer Guide, "DNS domain name format").
 */

/** Why a name is none; code and description are those of Route 53's messages. */
export class NameProblem extends Error {
  override readonly name = 'NameProblem';
  readonly code: string;
  readonly description: string;
  constructor(code: string, description: string) {
    super(`${code} (${description})`);
    this.code = code;
    this.description = description;
  }
}

const LABEL_MAX = 63;
const NAME_MAX = 255;
const PLAIN = /[a-z0-9_-]/;

/**
 * The labels of a name as text with one character a byte; escapes are resolved, letters are lower case.
 * @throws NameProblem
 */
export function labelsOf(text: string): string[] {
  if (text === '') throw new NameProblem('DomainNameEmpty', 'Domain name is empty');
  if (text === '.') return [];
  const labels = [''];
  const body = text.endsWith('.') && !/\\$/.test(text.slice(0, -1)) ? text.slice(0, -1) : text;
  for (let i = 0; i < body.length; i++) {
    const char = body[i]!;
    if (char === '.') labels.push('');
    else if (char === '\\') {
      const octal = /^[0-3][0-7]{2}/.exec(body.slice(i + 1, i + 4));
      if (octal === null) throw unsupported();
      labels[labels.length - 1] += String.fromCharCode(Number.parseInt(octal[0], 8));
      i += 3;
    } else if (char > ' ' && char <= '~') labels[labels.length - 1] += char;
    else throw unsupported();
  }
  checkLengths(labels);
  return labels.map(lowerCase);
}

/** Names are compared without regard to the case of ASCII letters alone; other bytes are no letters. */
const lowerCase = (label: string): string => label.replace(/[A-Z]/g, letter => letter.toLowerCase());

const unsupported = () => new NameProblem('UnsupportedCharacter', 'Value contains unsupported characters');

function checkLengths(labels: readonly string[]): void {
  for (const label of labels) {
    if (label === '') throw new NameProblem('DomainLabelEmpty', 'Domain label is empty');
    if (label.length > LABEL_MAX) throw new NameProblem('DomainLabelTooLong', 'Domain label is too long');
  }
  // One byte of length a label, and the root's.
  const bytes = labels.reduce((sum, label) => sum + label.length + 1, 1);
  if (bytes > NAME_MAX) throw new NameProblem('DomainNameTooLong', 'Domain name is too long');
}

const escaped = (label: string): string =>
  label.replace(/./gs, char => (PLAIN.test(char) ? char : `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`));

export const shownName = (labels: readonly string[]): string => `${labels.map(escaped).join('.')}.`;

/**
 * The one form in which a name is kept.
 * @throws NameProblem
 */
export const canonicalName = (text: string): string => shownName(labelsOf(text));

/**
 * A label in names of `@stormglass/dns`: printable characters stand for themselves, dot and backslash behind a backslash,
 * other bytes as a backslash and three decimal digits (RFC 1035, 5.1).
 */
const dnsLabel = (label: string): string =>
  label.replace(/[.\\]|[^!-~]/gs, char =>
    char === '.' || char === '\\' ? `\\${char}` : `\\${String(char.charCodeAt(0)).padStart(3, '0')}`,
  );

/** Labels as a name of `@stormglass/dns`, without the last dot. */
export const dnsName = (labels: readonly string[]): string => labels.map(dnsLabel).join('.');

/** The kept form of a name of `@stormglass/dns`; undefined when no record could have it. */
export function nameAsked(name: string): string | undefined {
  const labels = name === '' ? [] : (name.match(/(?:[^.\\]|\\\d{3}|\\.)+/gs) ?? []).map(unescaped);
  try {
    checkLengths(labels);
  } catch {
    return undefined;
  }
  return shownName(labels.map(lowerCase));
}

const unescaped = (label: string): string =>
  label.replace(/\\(\d{3}|.)/gs, (_, code: string) =>
    code.length === 3 ? String.fromCharCode(Number(code) & 255) : code,
  );

/** A kept name as `@stormglass/dns` has it. */
export const bareName = (name: string): string => dnsName(labelsOf(name));

/**
 * What record sets and zones are ordered by: `www.example.com.` is `com.example.www.`. Compared as text, last dot
 * included, as Route 53 does: everything below a name follows it directly.
 */
export const reversedName = (name: string): string =>
  name === '.' ? '' : `${name.slice(0, -1).split('.').reverse().join('.')}.`;

/** The name above, or undefined for the root. */
export function parentOf(name: string): string | undefined {
  if (name === '.') return undefined;
  const rest = name.slice(name.indexOf('.') + 1);
  return rest === '' ? '.' : rest;
}

export const isWithin = (name: string, zone: string): boolean =>
  name === zone || zone === '.' || name.endsWith(`.${zone}`);

/** The star as it is kept. */
export const WILDCARD = '\\052';
