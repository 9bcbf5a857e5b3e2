/**
 * Headers that stand in the query of a presigned URL: SDKs move `x-amz-*` headers there, so that whoever has the URL need
 * not send them. The signature covers them; permissions, and what reads the request, must see them as headers.
 */
import type { WireRequest } from '../wire-message.ts';

type Head = Pick<WireRequest, 'headers' | 'query'>;

/** The request with the headers of its query. Only for requests whose query is signed. Headers that were sent stay. */
export function withHoistedHeaders<Request extends Head>(request: Request): Request {
  const hoisted: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(request.query)) {
    const lower = name.toLowerCase();
    if (lower.startsWith('x-amz-') && !OF_THE_SIGNATURE.has(lower)) hoisted[lower] ??= asHeader(value);
  }
  return Object.keys(hoisted).length === 0 ? request : { ...request, headers: { ...hoisted, ...request.headers } };
}

/** Text as a header can carry it: its bytes in UTF-8, each a character, and none of them one that HTTP forbids. */
export const asHeader = (text: string): string =>
  Buffer.from(text.replace(/[\0-\x08\x0a-\x1f\x7f]+/g, ' ')).toString('latin1');

const OF_THE_SIGNATURE = new Set(
  ['algorithm', 'content-sha256', 'credential', 'date', 'expires', 'security-token', 'signature', 'signedheaders'].map(
    name => `x-amz-${name}`,
  ),
);
