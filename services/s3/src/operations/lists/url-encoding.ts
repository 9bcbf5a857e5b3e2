/**
 * `encoding-type=url`: keys of which XML could not say every character are encoded in lists, as a form would encode them,
 * save for slashes (AWS S3 API Reference, ListObjectsV2, "EncodingType": `test_file(3).png` is `test_file%283%29.png`).
 */
const STAYS = /[A-Za-z0-9\-._*/]/;

export type Encode = (text: string) => string;

/** What encodes texts for a list that was asked for with this `encoding-type`, which the model has checked. */
export const encoderFor = (encodingType: string | undefined): Encode =>
  encodingType === undefined ? text => text : urlEncoded;

export function urlEncoded(text: string): string {
  let out = '';
  for (const byte of Buffer.from(text)) {
    const char = String.fromCharCode(byte);
    if (STAYS.test(char)) out += char;
    else if (char === ' ') out += '+';
    else out += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}
