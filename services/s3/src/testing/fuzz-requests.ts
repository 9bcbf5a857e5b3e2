/** Requests for every operation of S3, and what can be made of them: material for `fuzz.test.ts`. */
import { pick, type Random, randomInt } from '@stormglass/base';
import { mutatedText, type SignedRequest, type Signer, signRequest } from '@stormglass/testing';

/** A request before its parts are encoded. */
export interface Draft {
  readonly method: string;
  /** Bucket and key, as they are meant. */
  readonly bucket: string;
  readonly key: string;
  readonly query: readonly (readonly [name: string, value: string | undefined])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const draft = (line: string, headers: Record<string, string> = {}, body = ''): Draft => {
  const [method = '', target = ''] = line.split(' ');
  const [path = '', query = ''] = target.split('?');
  const [bucket = '', ...key] = path.slice(1).split('/');
  const pairs = query.split('&').filter(pair => pair !== '');
  return {
    ...{ method, bucket, key: key.join('/'), headers, body },
    query: pairs.map(pair => {
      const [name = '', value] = pair.split('=');
      return [name, value] as const;
    }),
  };
};

const PARTS = Array.from({ length: 5 }, (_, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>"a"</ETag></Part>`);
const RULE = `<Rule><ID>r</ID><Filter><Prefix>a</Prefix></Filter><Status>Enabled</Status><Expiration><Days>3</Days></Expiration></Rule>`;
const GRANT = `<Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group"><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee><Permission>READ</Permission></Grant>`;
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*' }],
});

/** At least one of each kind; `UPLOAD` stands for an upload that is there. */
export const DRAFTS: readonly Draft[] = [
  draft('GET /?max-buckets=3&prefix=p'),
  draft(
    'PUT /albums',
    {},
    '<CreateBucketConfiguration><LocationConstraint>us-west-2</LocationConstraint></CreateBucketConfiguration>',
  ),
  draft('PUT /photos?versioning', {}, '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>'),
  draft('PUT /photos?tagging', {}, '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>'),
  draft('PUT /photos?policy', {}, POLICY),
  draft('PUT /photos?acl', { 'x-amz-acl': 'public-read' }),
  draft(
    'PUT /photos?acl',
    {},
    `<AccessControlPolicy><AccessControlList>${GRANT}</AccessControlList></AccessControlPolicy>`,
  ),
  draft(
    'PUT /photos?cors',
    {},
    '<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>',
  ),
  draft('PUT /photos?lifecycle', {}, `<LifecycleConfiguration>${RULE}</LifecycleConfiguration>`),
  draft(
    'PUT /photos?encryption',
    {},
    '<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>',
  ),
  draft(
    'PUT /photos?ownershipControls',
    {},
    '<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>',
  ),
  draft(
    'PUT /photos?publicAccessBlock',
    {},
    '<PublicAccessBlockConfiguration><BlockPublicAcls>false</BlockPublicAcls></PublicAccessBlockConfiguration>',
  ),
  draft(
    'PUT /photos?notification',
    {},
    '<NotificationConfiguration><EventBridgeConfiguration/></NotificationConfiguration>',
  ),
  draft(
    'PUT /photos?object-lock',
    {},
    '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>1</Days></DefaultRetention></Rule></ObjectLockConfiguration>',
  ),
  draft('GET /photos?list-type=2&prefix=a&delimiter=/&max-keys=2&encoding-type=url&start-after=a'),
  draft('GET /photos?prefix=a&marker=b&delimiter=/&max-keys=1'),
  draft('GET /photos?versions&key-marker=a&version-id-marker=null&max-keys=5'),
  draft('GET /photos?uploads&prefix=a&key-marker=b&max-uploads=3'),
  draft('GET /photos?location'),
  draft('GET /photos?website'),
  draft('HEAD /photos'),
  draft('DELETE /albums'),
  draft(
    'PUT /photos/a/b.txt',
    { 'x-amz-meta-colour': 'red', 'content-type': 'text/plain', 'x-amz-tagging': 'a=b&c=d' },
    'content',
  ),
  draft('PUT /photos/sum', { 'x-amz-checksum-crc32': 'NhCmhg==', 'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==' }, 'hello'),
  draft(
    'PUT /photos/locked',
    { 'x-amz-object-lock-mode': 'GOVERNANCE', 'x-amz-object-lock-retain-until-date': '2030-01-01T00:00:00Z' },
    'x',
  ),
  draft(
    'PUT /photos/once',
    { 'if-none-match': '*', 'x-amz-storage-class': 'STANDARD_IA', 'x-amz-server-side-encryption': 'AES256' },
    'x',
  ),
  draft('PUT /photos/copy', { 'x-amz-copy-source': '/photos/a/b.txt', 'x-amz-metadata-directive': 'REPLACE' }),
  draft('GET /photos/a/b.txt', { range: 'bytes=0-3,2-5', 'if-modified-since': 'Sat, 21 Nov 2026 00:00:00 GMT' }),
  draft('GET /photos/a/b.txt?partNumber=1&response-content-type=text/html', { 'if-match': '"a"' }),
  draft('GET /photos/a/b.txt?attributes', {
    'x-amz-object-attributes': 'ETag,Checksum,ObjectParts',
    'x-amz-max-parts': '3',
  }),
  draft('HEAD /photos/a/b.txt?versionId=null', { range: 'bytes=-3', 'x-amz-checksum-mode': 'ENABLED' }),
  draft('GET /photos/a/b.txt?tagging'),
  draft(
    'PUT /photos/a/b.txt?tagging&versionId=null',
    {},
    '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>',
  ),
  draft(
    'PUT /photos/a/b.txt?retention',
    { 'x-amz-bypass-governance-retention': 'true' },
    '<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>2030-01-01T00:00:00Z</RetainUntilDate></Retention>',
  ),
  draft('PUT /photos/a/b.txt?legal-hold', {}, '<LegalHold><Status>OFF</Status></LegalHold>'),
  draft('PUT /photos/a/b.txt?acl', { 'x-amz-grant-read': 'id="0123"' }),
  draft(
    'POST /photos?delete',
    {},
    '<Delete><Object><Key>x</Key><VersionId>null</VersionId></Object><Quiet>true</Quiet></Delete>',
  ),
  draft('DELETE /photos/x?versionId=null', { 'if-match': '*' }),
  draft('POST /photos/parts?uploads', { 'x-amz-checksum-algorithm': 'CRC32' }),
  draft('PUT /photos/parts?partNumber=1&uploadId=UPLOAD', {}, 'part'),
  draft('PUT /photos/parts?partNumber=2&uploadId=UPLOAD', {
    'x-amz-copy-source': 'photos/a/b.txt',
    'x-amz-copy-source-range': 'bytes=0-3',
  }),
  draft('GET /photos/parts?uploadId=UPLOAD&max-parts=2&part-number-marker=1'),
  draft(
    'POST /photos/parts?uploadId=UPLOAD',
    {},
    `<CompleteMultipartUpload>${PARTS.join('')}</CompleteMultipartUpload>`,
  ),
  draft('DELETE /photos/parts?uploadId=UPLOAD&x-id=AbortMultipartUpload'),
  draft('POST /photos/a?restore', {}, '<RestoreRequest><Days>1</Days></RestoreRequest>'),
  draft('OPTIONS /photos/a', { origin: 'http://a', 'access-control-request-method': 'GET' }),
  draft(
    'POST /photos',
    { 'content-type': 'multipart/form-data; boundary=b' },
    '--b\r\nContent-Disposition: form-data; name="key"\r\n\r\na$\u007bfilename}\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nx\r\n--b--\r\n',
  ),
];

const BOMB = `<!DOCTYPE a [<!ENTITY x "${'y'.repeat(50)}"><!ENTITY z "&x;&x;&x;">]><Delete>&z;</Delete>`;
const FRAGMENTS: readonly string[] = [
  ...[
    '%',
    '%zz',
    '%2F',
    '%00',
    '&',
    '=',
    '.',
    '..',
    '../..',
    '/',
    '//',
    '+',
    ' ',
    ';',
    ',',
    '"',
    "'",
    '<',
    '>',
    '?',
    '#',
  ],
  ...['\u0000', '\u0001', '\u001f', 'é', '漢', '🙂', '\ud800', '\u200b', 'ÿ', '\ufeff'],
  ...[
    '-1',
    '0',
    '1',
    '10001',
    '2147483648',
    '9007199254740993',
    '1e9',
    'NaN',
    'null',
    'undefined',
    '__proto__',
    'constructor',
  ],
  ...['bytes=5-2', 'bytes=-0', 'bytes=0-', 'bytes=-', 'bytes=1-1,1-1,0-99999999999999999999', 'bytes=a-b', 'lines=1-2'],
  ...['<a>', '</a>', '<a/>', '<![CDATA[', ']]>', '<!--', '&amp;', '&lt;', '&#0;', '&#x110000;', '&e;', BOMB],
  ...['<Status>Enabled</Status>', '<Key></Key>', '<Prefix/>', '<Part><PartNumber>-1</PartNumber></Part>', PARTS[0]!],
  ...[
    '"*"',
    '*',
    'true',
    'false',
    'Enabled',
    'AES256',
    'aws:kms',
    'GOVERNANCE',
    '2026-02-30T00:00:00Z',
    '{}',
    '[]',
    '{"a":',
  ],
  ...['a'.repeat(1025), '<a>'.repeat(150), PARTS.join('').repeat(30), '0'.repeat(500)],
];
const HEADERS: readonly string[] = [
  ...[
    'range',
    'if-match',
    'if-none-match',
    'if-modified-since',
    'expect',
    'content-md5',
    'x-amz-copy-source',
    'x-amz-acl',
  ],
  ...[
    'x-amz-storage-class',
    'x-amz-server-side-encryption',
    'x-amz-server-side-encryption-customer-key',
    'x-amz-tagging',
  ],
  ...[
    'x-amz-server-side-encryption-customer-algorithm',
    'x-amz-server-side-encryption-customer-key-md5',
    'x-amz-meta-a',
  ],
  ...[
    'x-amz-checksum-sha256',
    'x-amz-checksum-crc64nvme',
    'x-amz-checksum-type',
    'x-amz-sdk-checksum-algorithm',
    'origin',
  ],
  ...['x-amz-object-lock-mode', 'x-amz-object-lock-legal-hold', 'x-amz-expected-bucket-owner', 'x-amz-mp-object-size'],
  ...[
    'x-amz-decoded-content-length',
    'x-amz-trailer',
    'content-encoding',
    'expires',
    'x-amz-website-redirect-location',
  ],
];
const PARAMETERS: readonly string[] = [
  ...[
    'versionId',
    'partNumber',
    'uploadId',
    'max-keys',
    'prefix',
    'delimiter',
    'continuation-token',
    'encoding-type',
    'acl',
  ],
  ...[
    'tagging',
    'retention',
    'policy',
    'lifecycle',
    'torrent',
    'select',
    'uploads',
    'delete',
    'response-expires',
    'x-id',
  ],
];

const changed = (random: Random, text: string): string => mutatedText(random, text, FRAGMENTS);

const without = <T>(items: readonly T[], at: number): T[] => items.filter((_, i) => i !== at);

/** Another request, one step away. */
export function mutated(random: Random, from: Draft): Draft {
  switch (randomInt(random, 9)) {
    case 0:
      return { ...from, key: changed(random, from.key) };
    case 1:
      return { ...from, bucket: random.next() < 0.5 ? changed(random, from.bucket) : pick(random, DRAFTS).bucket };
    case 2:
      return { ...from, query: [...from.query, [pick(random, PARAMETERS), pick(random, FRAGMENTS)]] };
    case 3: {
      if (from.query.length === 0) return { ...from, query: pick(random, DRAFTS).query };
      const at = randomInt(random, from.query.length);
      if (random.next() < 0.3) return { ...from, query: without(from.query, at) };
      const [name, value = ''] = from.query[at]!;
      return { ...from, query: from.query.with(at, [name, changed(random, value)]) };
    }
    case 4:
      return { ...from, headers: { ...from.headers, [pick(random, HEADERS)]: headerSafe(pick(random, FRAGMENTS)) } };
    case 5: {
      const names = Object.keys(from.headers);
      if (names.length === 0) return { ...from, headers: pick(random, DRAFTS).headers };
      const name = pick(random, names);
      return { ...from, headers: { ...from.headers, [name]: headerSafe(changed(random, from.headers[name]!)) } };
    }
    case 6:
      return { ...from, method: pick(random, ['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'PATCH']) };
    case 7:
      return { ...from, body: pick(random, DRAFTS).body };
    default:
      return { ...from, body: changed(random, from.body) };
  }
}

/** What Node's parser lets through. */
const headerSafe = (text: string): string =>
  Buffer.from(text.toWellFormed().replace(/[\0-\x08\n-\x1f\x7f]/g, ''))
    .toString('latin1')
    .replace(/\x00/g, '');

const encoded = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(/[!'()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** The draft as a signed request, whose signature is right. */
export function requestOf(
  { method, bucket, key, query, headers, body }: Draft,
  signer: Signer,
  nowMs: number,
): SignedRequest {
  const parts = [...(bucket === '' && key === '' ? [] : [bucket]), ...(key === '' ? [] : key.split('/'))];
  const path = `/${parts.map(encoded).join('/')}`;
  const pairs = query.map(([name, value]) => `${encoded(name)}${value === undefined ? '' : `=${encoded(value)}`}`);
  const request = { method, path, query: pairs.join('&'), body: Buffer.from(body) };
  return signRequest(signer, request, { nowMs, host: 'localhost', headers });
}
