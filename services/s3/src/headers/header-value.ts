/**
 * Where the settings of an upload stand: in headers, in the query of a presigned URL (SDKs move `x-amz-*` headers there),
 * or in the fields of a form. What reads them does not care.
 */
import { headerText, type WireRequest } from '@stormglass/aws-wire';

/** The value of a header by its lower-case name. */
export type HeaderValue = (name: string) => string | undefined;

/** Headers as given, and all their names. */
export interface UploadHead {
  readonly header: HeaderValue;
  readonly names: readonly string[];
}

/** What stands in the query counts where there is no header; only names that S3 reserves. */
export function headOfRequest({ headers, query }: Pick<WireRequest, 'headers' | 'query'>): UploadHead {
  const hoisted = query.includes('amz-') || query.includes('Amz-') ? hoistedHeaders(query) : NONE;
  const names = hoisted.size === 0 ? Object.keys(headers) : [...new Set([...Object.keys(headers), ...hoisted.keys()])];
  return { header: name => headerText(headers, name) ?? hoisted.get(name), names };
}

/** The fields of a form, by lower-case names. */
export function headOfFields(fields: ReadonlyMap<string, string>): UploadHead {
  const values = new Map([...fields].map(([name, value]) => [name, asHeader(value)]));
  return { header: name => values.get(name), names: [...values.keys()] };
}

/** Text as a header can carry it: its bytes in UTF-8, each a character, and none of them one that HTTP forbids. */
export const asHeader = (text: string): string =>
  Buffer.from(text.replace(/[\0-\x08\x0a-\x1f\x7f]+/g, ' ')).toString('latin1');

function hoistedHeaders(query: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const lower = name.toLowerCase();
    if (lower.startsWith('x-amz-') && !found.has(lower)) found.set(lower, asHeader(value));
  }
  return found;
}

const NONE: ReadonlyMap<string, string> = new Map();
