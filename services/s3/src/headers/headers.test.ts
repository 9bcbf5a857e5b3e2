/** What an upload's headers make of its object. */
import { describe, expect, it } from 'vitest';
import { headOfFields, headOfRequest } from './header-value.ts';
import { uploadedHeaders } from './object-headers.ts';
import { storageClassHeader } from './storage-class.ts';
import { taggingHeader } from './tagging.ts';

const uploaded = (headers: Record<string, string>) => uploadedHeaders(headOfRequest({ headers }));

describe('uploadedHeaders', () => {
  it('keeps what HTTP knows of an object, and what its owner added', () =>
    expect(
      uploaded({ 'content-type': 'text/plain', 'cache-control': 'no-cache', host: 'a', 'x-amz-meta-color': 'blue' }),
    ).toEqual({ headers: { 'content-type': 'text/plain', 'cache-control': 'no-cache' }, metadata: { color: 'blue' } }));

  it('gives it a type', () => expect(uploaded({}).headers).toEqual({ 'content-type': 'binary/octet-stream' }));

  it('forgets how the upload came', () => {
    expect(uploaded({ 'content-encoding': 'aws-chunked' }).headers).not.toHaveProperty('content-encoding');
    expect(uploaded({ 'content-encoding': 'gzip, aws-chunked' }).headers['content-encoding']).toBe('gzip');
    expect(uploaded({ 'content-encoding': 'gzip,br' }).headers['content-encoding']).toBe('gzip,br');
  });

  it('keeps what a header can carry', () => {
    const fields = (name: string) => headOfFields(new Map([[name, '雪\x01\nü']]));
    const { metadata } = uploadedHeaders(fields('x-amz-meta-a'));
    expect(Buffer.from(metadata.a!, 'latin1').toString()).toBe('雪 ü');
    expect(() => uploadedHeaders(fields('x-amz-meta-a b'))).toThrow('The name of a metadata header is not valid.');
  });

  it('limits metadata to 2 KiB of names and values', () => {
    expect(uploaded({ 'x-amz-meta-a': 'x'.repeat(2047) }).metadata.a).toHaveLength(2047);
    expect(() => uploaded({ 'x-amz-meta-a': 'x'.repeat(2048) })).toThrow(
      expect.objectContaining({ code: 'MetadataTooLarge', fields: { Size: 2049, MaxSizeAllowed: 2048 } }),
    );
  });
});

describe('taggingHeader', () => {
  it('reads what a query may hold', () =>
    expect(taggingHeader('a=1&b+c=d%2Fe&f')).toEqual([
      { key: 'a', value: '1' },
      { key: 'b c', value: 'd/e' },
      { key: 'f', value: '' },
    ]));
  it('is empty without tags', () => expect(taggingHeader(undefined)).toEqual([]));
  it.each([
    ['a=1&a=2', 'InvalidArgument'],
    ['a=%zz', 'InvalidArgument'],
    ['=b', 'InvalidTag'],
    [`${'k'.repeat(129)}=v`, 'InvalidTag'],
    [`k=${'v'.repeat(257)}`, 'InvalidTag'],
    ['a=%3C', 'InvalidTag'],
    ['aws:a=b', 'InvalidTag'],
    [Array.from({ length: 11 }, (_, i) => `k${i}=v`).join('&'), 'BadRequest'],
  ])('refuses %s', (header, code) => expect(() => taggingHeader(header)).toThrow(expect.objectContaining({ code })));
});

it('knows the storage classes', () => {
  expect(storageClassHeader(undefined)).toBe('STANDARD');
  expect(storageClassHeader('STANDARD_IA')).toBe('STANDARD_IA');
  expect(() => storageClassHeader('COLD')).toThrow('The storage class you specified is not valid');
});
