/** Which parameters of a presigned URL are headers. */
import { expect, it } from 'vitest';
import { withHoistedHeaders } from './hoisted-headers.ts';

it('are all that S3 reserves, but for those of the signature', () => {
  const query = 'X-Amz-Date=1&X-Amz-Signature=2&x-amz-acl=public-read&x-amz-meta-a=b%20%C3%BC&partNumber=3';
  const headers = { host: 'a', 'x-amz-acl': 'private' };
  expect(withHoistedHeaders({ query, headers }).headers).toEqual({ ...headers, 'x-amz-meta-a': 'b Ã¼' });
});

it('are none where none are moved', () => {
  const request = { query: 'X-Amz-Date=1&versionId=2', headers: { host: 'a' } };
  expect(withHoistedHeaders(request)).toBe(request);
});
