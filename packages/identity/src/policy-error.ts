/** The failure of a policy document, and the small checks its parsers share. */

/** A policy document IAM would refuse. Services put `code` and `message` on the wire as they are. */
export class PolicyDocumentError extends Error {
  override readonly name = 'PolicyDocumentError';
  readonly code = 'MalformedPolicyDocument';
}

export const SYNTAX_ERROR = 'Syntax errors in policy.';

/** What the older of IAM's two parsers says of values that the newer one lets pass. */
export const LEGACY_ERROR = 'The policy failed legacy parsing';

export function malformed(message: string): never {
  throw new PolicyDocumentError(message);
}

export type JsonObject = Readonly<Record<string, unknown>>;

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The policy language writes a list of one without its brackets. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** A string or a list of strings; anything else is a syntax error. */
export function stringsOf(value: unknown): readonly string[] {
  return listOf(value).map(item => (typeof item === 'string' ? item : malformed(SYNTAX_ERROR)));
}
