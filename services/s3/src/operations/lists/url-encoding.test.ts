/** How lists write keys: what S3 documents, and what clients read back. */
import { expect, test } from 'vitest';
import { encoderFor, urlEncoded } from './url-encoding.ts';

test.each([
  ['test_file(3).png', 'test_file%283%29.png'],
  ['a b/c+d', 'a+b/c%2Bd'],
  ['../..//x', '../..//x'],
  ['\u0001', '%01'],
  ['größe/日本/🙂', 'gr%C3%B6%C3%9Fe/%E6%97%A5%E6%9C%AC/%F0%9F%99%82'],
  ['~*-._', '%7E*-._'],
])('%j is written %s', (key, written) => {
  expect(urlEncoded(key)).toBe(written);
  expect(decodeURIComponent(written.replaceAll('+', ' '))).toBe(key);
});

test('without an encoding type keys stay as they are', () => expect(encoderFor(undefined)('a b')).toBe('a b'));
