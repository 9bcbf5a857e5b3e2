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
export const headOfFields = (fields: ReadonlyMap<string, string>): UploadHead => ({
  header: name => fields.get(name),
  names: [...fields.keys()],
});

function hoistedHeaders(query: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const lower = name.toLowerCase();
    if (lower.startsWith('x-amz-') && !found.has(lower)) found.set(lower, value);
  }
  return found;
}

const NONE: ReadonlyMap<string, string> = new Map();
