/** Each condition alone, and what counts when two of them disagree. */
import { describe, expect, it } from 'vitest';
import { meetConditions, meetCopyConditions, type ReadConditions } from './conditions.ts';

const CHANGED_AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const object = { etag: 'abc-2', lastModified: CHANGED_AT };
const before = new Date(CHANGED_AT - 60_000);
const after = new Date(CHANGED_AT + 60_000);
/** What a client repeats from Last-Modified: without the milliseconds. */
const same = new Date(Math.floor(CHANGED_AT / 1000) * 1000);

const failure = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return (error as { fields: { Condition: string } }).fields.Condition;
  }
};

describe('meetConditions', () => {
  it.each<[ReadConditions, string]>([
    [{}, 'answer'],
    [{ IfMatch: '"abc-2"' }, 'answer'],
    [{ IfMatch: 'abc-2' }, 'answer'],
    [{ IfMatch: '*' }, 'answer'],
    [{ IfMatch: '"x", "abc-2"' }, 'answer'],
    [{ IfMatch: '"x"' }, 'If-Match'],
    [{ IfNoneMatch: '"abc-2"' }, 'not-modified'],
    [{ IfNoneMatch: 'W/"abc-2"' }, 'not-modified'],
    [{ IfNoneMatch: '*' }, 'not-modified'],
    [{ IfNoneMatch: '"x"' }, 'answer'],
    [{ IfModifiedSince: before }, 'answer'],
    [{ IfModifiedSince: same }, 'not-modified'],
    [{ IfModifiedSince: after }, 'not-modified'],
    [{ IfUnmodifiedSince: after }, 'answer'],
    [{ IfUnmodifiedSince: same }, 'answer'],
    [{ IfUnmodifiedSince: before }, 'If-Unmodified-Since'],
    [{ IfMatch: '"abc-2"', IfUnmodifiedSince: before }, 'answer'],
    [{ IfNoneMatch: '"x"', IfModifiedSince: after }, 'answer'],
    [{ IfNoneMatch: '"abc-2"', IfModifiedSince: before }, 'not-modified'],
    [{ IfMatch: '"x"', IfNoneMatch: '"abc-2"' }, 'If-Match'],
  ])('%j: %s', (conditions, expected) => expect(failure(() => meetConditions(conditions, object))).toBe(expected));
});

describe('meetCopyConditions', () => {
  it.each<[ReadConditions, string | undefined]>([
    [{ IfMatch: 'abc-2' }, undefined],
    [{ IfNoneMatch: 'x' }, undefined],
    [{ IfMatch: 'x' }, 'x-amz-copy-source-If-Match'],
    [{ IfNoneMatch: 'abc-2' }, 'x-amz-copy-source-If-None-Match'],
    [{ IfModifiedSince: after }, 'x-amz-copy-source-If-Modified-Since'],
    [{ IfUnmodifiedSince: before }, 'x-amz-copy-source-If-Unmodified-Since'],
  ])('%j: %s', (conditions, expected) => expect(failure(() => meetCopyConditions(conditions, object))).toBe(expected));
});
