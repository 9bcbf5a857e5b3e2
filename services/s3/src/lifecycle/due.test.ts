/** Lifecycle times, with the examples of the S3 User Guide. */
import type { LifecycleRule as SdkRule } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { currentDue, expirationHeader, loneMarkerDue, noncurrentDue, uploadDue } from './due.ts';
import { lifecycleRules } from './rules.ts';

const DAY = 86_400_000;
const at = (text: string): number => Date.parse(text);
const rules = (...given: Partial<SdkRule>[]) =>
  lifecycleRules({ Rules: given.map((rule, i) => ({ ID: `r${i}`, Status: 'Enabled', Filter: {}, ...rule })) });
const made = (text: string, more: object = {}) => ({ key: 'a/b', size: 10, lastModified: at(text), tags: [], ...more });

test('days are counted from the making of an object up to the next midnight', () => {
  const due = currentDue(rules({ Expiration: { Days: 3 } }), made('2014-01-15T10:30:00Z'), DAY);
  expect(due).toEqual({ at: at('2014-01-19T00:00:00Z'), ruleId: 'r0' });
});

test('what was made at midnight is as old at midnight', () => {
  const due = currentDue(rules({ Expiration: { Days: 1 } }), made('2014-01-15T00:00:00Z'), DAY);
  expect(due?.at).toBe(at('2014-01-16T00:00:00Z'));
});

test('a day can be five seconds', () => {
  expect(currentDue(rules({ Expiration: { Days: 2 } }), made('2014-01-15T00:00:01Z'), 5000)?.at).toBe(
    at('2014-01-15T00:00:15Z'),
  );
});

test('a date holds for every object, and the earliest rule for each', () => {
  const both = rules({ Expiration: { Days: 1 } }, { Expiration: { Date: new Date('2014-01-10T00:00:00Z') } });
  expect(currentDue(both, made('2014-01-15T10:30:00Z'), DAY)).toEqual({ at: at('2014-01-10T00:00:00Z'), ruleId: 'r1' });
});

test('a configuration that has been JSON says the same', () => {
  const given = { Rules: [{ Status: 'Enabled' as const, Expiration: { Date: new Date('2014-01-10') }, Prefix: '' }] };
  const again = JSON.parse(JSON.stringify(given)) as typeof given;
  expect(lifecycleRules(again)).toEqual(lifecycleRules(given));
});

test.each<[string, Partial<SdkRule>, object, boolean]>([
  ['the prefix of the filter', { Filter: { Prefix: 'a/' } }, {}, true],
  ['another prefix', { Filter: { Prefix: 'b/' } }, {}, false],
  ['a prefix beside the filter', { Filter: undefined, Prefix: 'a/' }, {}, true],
  ['a disabled rule', { Status: 'Disabled' }, {}, false],
  ['a tag', { Filter: { Tag: { Key: 'k', Value: 'v' } } }, { tags: [{ key: 'k', value: 'v' }] }, true],
  [
    'a tag with another value',
    { Filter: { Tag: { Key: 'k', Value: 'v' } } },
    { tags: [{ key: 'k', value: 'w' }] },
    false,
  ],
  ['a tag that is not there', { Filter: { Tag: { Key: 'k', Value: 'v' } } }, {}, false],
  ['a size above', { Filter: { ObjectSizeGreaterThan: 9 } }, {}, true],
  ['a size that is the bound', { Filter: { ObjectSizeGreaterThan: 10 } }, {}, false],
  ['a size below', { Filter: { ObjectSizeLessThan: 11 } }, {}, true],
  ['a size that is not below', { Filter: { ObjectSizeLessThan: 10 } }, {}, false],
  [
    'all of several',
    { Filter: { And: { Prefix: 'a', Tags: [{ Key: 'k', Value: 'v' }], ObjectSizeGreaterThan: 1 } } },
    {
      tags: [
        { key: 'l', value: 'w' },
        { key: 'k', value: 'v' },
      ],
    },
    true,
  ],
  ['one of several not', { Filter: { And: { Prefix: 'a', Tags: [{ Key: 'k', Value: 'v' }] } } }, {}, false],
])('a filter: %s', (_name, rule, subject, isMeant) => {
  const due = currentDue(rules({ ...rule, Expiration: { Days: 1 } }), made('2014-01-15T10:30:00Z', subject), DAY);
  expect(due !== undefined).toBe(isMeant);
});

test('the times of versions that are not current count from their successor; the newest of them are kept', () => {
  const given = rules({ NoncurrentVersionExpiration: { NoncurrentDays: 3, NewerNoncurrentVersions: 2 } });
  const version = made('2014-01-01T10:30:00Z');
  const since = at('2014-01-15T10:30:00Z');
  expect(noncurrentDue(given, version, { since, newer: 2 }, DAY)?.at).toBe(at('2014-01-19T00:00:00Z'));
  expect(noncurrentDue(given, version, { since, newer: 1 }, DAY)).toBeUndefined();
  expect(currentDue(given, version, DAY)).toBeUndefined();
});

test('a marker that hides nothing goes at once by its own rule, and by age with a rule of days', () => {
  const marker = made('2014-01-15T10:30:00Z');
  expect(loneMarkerDue(rules({ Expiration: { ExpiredObjectDeleteMarker: true } }), marker, DAY)?.at).toBe(
    marker.lastModified,
  );
  expect(loneMarkerDue(rules({ Expiration: { Days: 1 } }), marker, DAY)?.at).toBe(at('2014-01-17T00:00:00Z'));
  const tagged = rules({ Expiration: { Days: 1 }, Filter: { Tag: { Key: 'k', Value: 'v' } } });
  expect(loneMarkerDue(tagged, marker, DAY)).toBeUndefined();
});

test('uploads are aborted by the rule of their prefix', () => {
  const given = rules({ Filter: { Prefix: 'a/' }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } });
  const initiated = at('2014-01-15T10:30:00Z');
  expect(uploadDue(given, { key: 'a/b', initiated }, DAY)?.at).toBe(at('2014-01-17T00:00:00Z'));
  expect(uploadDue(given, { key: 'b', initiated }, DAY)).toBeUndefined();
});

test('the header has the date of HTTP and an encoded rule id', () => {
  expect(expirationHeader({ at: at('2012-12-21T00:00:00Z'), ruleId: 'picture deletion/1' })).toBe(
    'expiry-date="Fri, 21 Dec 2012 00:00:00 GMT", rule-id="picture%20deletion%2F1"',
  );
});
