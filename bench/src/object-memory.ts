/**
 * What a large object costs the zones in memory: uploads one in parts of 64 MiB over 4 connections, and looks at the
 * resident size of each zone's process meanwhile:
 *
 *     node bench/src/object-memory.ts [--gib n]
 *
 * Ends with 1 when a zone has grown by more than the aim. It needs three times the object's size of disk for a while.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { parseArgs } from 'node:util';
import { type Signer, signRequest } from '@stormglass/testing';
import { pause } from './region/measured-load.ts';
import { RegionServer } from './region/region-server.ts';

const { values: flags } = parseArgs({ options: { gib: { type: 'string', default: '10' } } });

const MIB = 1024 * 1024;
const PART_BYTES = 64 * MIB;
const CONNECTIONS = 4;
const GROWTH_MIB_MAX = 200;
const SAMPLE_MS = 100;
const RETRIES = 20;
const RETRY_MS = 1000;
/** After a start, until what has to be loaded and compiled is: a first object is put and read. */
const FIRST_OBJECT_BYTES = 8 * MIB;
const BUCKET = '/memory';
const KEY = `${BUCKET}/large`;
const signer: Signer = { accessKeyId: 'test', secretAccessKey: 'test', region: 'us-east-1', service: 's3' };

interface Body {
  readonly bytes: Buffer;
  readonly payload: string;
}

const bodyOf = (bytes: Buffer): Body => ({ bytes, payload: createHash('sha256').update(bytes).digest('hex') });
const NOTHING = bodyOf(Buffer.alloc(0));

const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

/** The text of the answer and its ETag. */
async function call(port: number, method: string, path: string, query = '', { bytes, payload } = NOTHING) {
  const host = `127.0.0.1:${port}`;
  const signed = signRequest(signer, { method, path, query, payload }, { nowMs: Date.now(), host });
  const headers = { ...signed.headers, 'content-length': bytes.length };
  return new Promise<{ readonly text: string; readonly etag: string }>((resolve, reject) => {
    const url = query === '' ? path : `${path}?${query}`;
    const sent = request({ agent, host: '127.0.0.1', port, method, path: url, headers }, response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve({ text, etag: String(response.headers.etag) });
        else reject(new Error(`${method} ${url}: ${response.statusCode} ${text}`));
      });
    });
    sent.on('error', reject);
    sent.end(bytes);
  });
}

/** Zones of a busy machine may seem silent and lose their connections: a part is sent again then, as SDKs do. */
async function stubborn<T>(work: () => Promise<T>, retries = RETRIES): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (retries === 0) throw error;
    await pause(RETRY_MS);
    return stubborn(work, retries - 1);
  }
}

async function upload(port: number, parts: number, body: Body): Promise<void> {
  const { text } = await stubborn(() => call(port, 'POST', KEY, 'uploads='));
  const id = /<UploadId>([^<]+)</.exec(text)![1]!;
  const etags: string[] = [];
  let next = 1;
  const send = async () => {
    for (let part = next++; part <= parts; part = next++) {
      const { etag } = await stubborn(() => call(port, 'PUT', KEY, `partNumber=${part}&uploadId=${id}`, body));
      etags[part - 1] = etag;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, send));
  const listed = etags.map((etag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${etag}</ETag></Part>`).join('');
  const document = `<CompleteMultipartUpload>${listed}</CompleteMultipartUpload>`;
  await stubborn(() => call(port, 'POST', KEY, `uploadId=${id}`, bodyOf(Buffer.from(document))));
}

const residentMiB = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;

const parts = Math.ceil((Number(flags.gib) * 1024 * MIB) / PART_BYTES);
await using region = await RegionServer.start();
const pids = [0, 1, 2].map(zone => region.zonePid(zone));
await call(region.port, 'PUT', BUCKET);
await stubborn(() => call(region.port, 'PUT', `${BUCKET}/first`, '', bodyOf(randomBytes(FIRST_OBJECT_BYTES))));
const before = pids.map(residentMiB);
const peaks = [...before];
const sampling = setInterval(() => {
  for (const [i, pid] of pids.entries()) peaks[i] = Math.max(peaks[i]!, residentMiB(pid));
}, SAMPLE_MS);
const from = performance.now();
await upload(region.port, parts, bodyOf(randomBytes(PART_BYTES))).finally(() => clearInterval(sampling));
const seconds = (performance.now() - from) / 1000;
agent.destroy();
const after = pids.map(residentMiB);
console.log(`${parts} parts of 64 MiB in ${seconds.toFixed(0)} s: ${((parts * 64) / seconds).toFixed(0)} MiB/s`);
for (const [i, was] of before.entries()) {
  const [peak, now] = [peaks[i]!, after[i]!].map(Math.round);
  console.log(
    `zone ${i + 1}: ${Math.round(was)} MiB before, ${peak} at most (+${peak! - Math.round(was)}), ${now} after`,
  );
}
if (peaks.some((peak, i) => peak - before[i]! > GROWTH_MIB_MAX)) process.exitCode = 1;
