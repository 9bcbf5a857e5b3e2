/** Objects, each with bytes of its own: put, read, listed and deleted, in one piece or in parts, small and large. */
import { hash } from 'node:crypto';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { pick } from '@stormglass/base';
import { objectsAreKept } from '../checkers/objects.ts';
import { MISSING } from '../checkers/reads.ts';
import { registersAreLinearizable } from '../checkers/registers.ts';
import type { Clients } from '../clients.ts';
import { type Found, Refused } from '../history.ts';
import type { Workload } from './workload.ts';

/** Whoever uses it has an account of its own, and buckets are the region's. */
const bucketOf = ({ account }: Clients): string => `chaos-${account}`;

/** Inside a command of the log, in a file of every zone's disk, and in parts: the smallest of which S3 takes several. */
const SMALL_BYTES = 300;
const LARGE_BYTES = 40_000;
const PART_BYTES = 5 * 1024 * 1024;
/** One of so many puts comes in parts. */
const IN_PARTS = 40;

/** Bytes that only `text` has, and that say what they are. */
function contentOf(text: string, byteCount: number): Buffer {
  const line = `${text}\n`;
  return Buffer.alloc(byteCount, line).fill(line, 0, line.length);
}

const sha256 = (content: Uint8Array): string => hash('sha256', content);

export const objects: Workload = {
  name: 'objects',
  processes: 3,
  checkers: [objectsAreKept],
  prepare: clients => makeBucket(clients),
  begin: ({ name, clients, random, history }) => {
    const mine = new Set<string>();
    let count = 0;
    const put = () => {
      const key = `${name}/${++count}`;
      const parts = random.next() * IN_PARTS < 1 ? 2 : 1;
      const size = parts > 1 ? PART_BYTES + LARGE_BYTES : random.next() < 0.5 ? SMALL_BYTES : LARGE_BYTES;
      const content = contentOf(key, size);
      mine.add(key);
      return history.operate({ process: name, action: 'put', key, value: sha256(content) }, () =>
        parts > 1 ? putInParts(clients, key, content) : putWhole(clients, key, content),
      );
    };
    return () => {
      const what = random.next();
      const key = mine.size === 0 ? undefined : pick(random, [...mine]);
      if (key === undefined || what < 0.45) return put();
      const process = name;
      if (what < 0.75) return history.operate({ process, action: 'get', key }, () => get(clients, key, sha256));
      if (what < 0.85) return history.operate({ process, action: 'list', key: `${name}/` }, () => list(clients, name));
      mine.delete(key);
      return history.operate({ process, action: 'delete', key }, async () => {
        const command = new DeleteObjectCommand({ Bucket: bucketOf(clients), Key: key });
        return (await clients.ask(() => clients.s3.send(command))).found;
      });
    };
  },
};

/** Registers whose values are objects: `small` ones lie in the log, `large` ones on disks. */
const REGISTERS = ['small/one', 'small/two', 'large/one', 'large/two'] as const;

export const objectRegisters: Workload = {
  name: 'object-registers',
  processes: 2,
  checkers: [registersAreLinearizable],
  prepare: clients => makeBucket(clients),
  begin: ({ name, clients, random, history }) => {
    let count = 0;
    return () => {
      const register = pick(random, REGISTERS);
      const key = `register/${register}`;
      const size = register.startsWith('small') ? SMALL_BYTES : LARGE_BYTES;
      if (random.next() < 0.5) {
        return history.operate({ process: name, action: 'read', key }, async () => {
          const found = await get(clients, key, content => textOf(content, size));
          return { ...found, value: found.value === MISSING ? '' : (found.value ?? '') };
        });
      }
      const value = `${name}.${++count}`;
      return history.operate({ process: name, action: 'write', key, value }, () =>
        putWhole(clients, key, contentOf(value, size)),
      );
    };
  },
};

/** What the bytes say; bytes that are not exactly those of what they say are no value that anybody wrote. */
function textOf(content: Buffer, byteCount: number): string {
  const text = content.toString('latin1', 0, Math.max(0, content.indexOf('\n')));
  return content.equals(contentOf(text, byteCount)) ? text : `damaged: ${sha256(content)}`;
}

/** Keys of all objects of the workload with the hashes of their bytes, as one zone has them. */
export async function allObjects(clients: Clients): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const pages = paginateListObjectsV2(
    { client: clients.s3 },
    { Bucket: bucketOf(clients), Prefix: `${objects.name}-` },
  );
  for await (const { Contents = [] } of pages) {
    for (const { Key = '' } of Contents) found[Key] = (await get(clients, Key, sha256)).value ?? MISSING;
  }
  return found;
}

async function makeBucket(clients: Clients): Promise<void> {
  // Making one's own bucket again changes nothing in us-east-1.
  await clients.s3.send(new CreateBucketCommand({ Bucket: bucketOf(clients) }));
}

async function putWhole(clients: Clients, Key: string, Body: Buffer): Promise<Found> {
  const command = new PutObjectCommand({ Bucket: bucketOf(clients), Key, Body });
  return (await clients.ask(() => clients.s3.send(command))).found;
}

async function putInParts(clients: Clients, Key: string, content: Buffer): Promise<Found> {
  const at = { Bucket: bucketOf(clients), Key };
  const { output } = await clients.ask(() => clients.s3.send(new CreateMultipartUploadCommand(at)));
  const { UploadId } = output;
  const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
  for (let from = 0; from < content.length; from += PART_BYTES) {
    const PartNumber = Parts.length + 1;
    const Body = content.subarray(from, from + PART_BYTES);
    const upload = new UploadPartCommand({ ...at, UploadId, PartNumber, Body });
    Parts.push({ PartNumber, ETag: (await clients.ask(() => clients.s3.send(upload))).output.ETag });
  }
  const complete = new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } as never });
  return (await clients.ask(() => clients.s3.send(complete))).found;
}

/** An answer whose body breaks off is asked for again, as programs do: the SDK only retries heads. */
const BODY_ATTEMPTS = 4;

async function get(clients: Clients, Key: string, told: (content: Buffer) => string): Promise<Found> {
  const command = () => new GetObjectCommand({ Bucket: bucketOf(clients), Key });
  try {
    const { output, found } = await clients.ask(() => whole(clients.s3, command));
    return { ...found, value: told(output) };
  } catch (error) {
    if (!(error instanceof Refused && error.message.startsWith('NoSuchKey'))) throw error;
    return { ...error.found, value: MISSING };
  }
}

async function whole(s3: S3Client, command: () => GetObjectCommand): Promise<Buffer> {
  for (let attempt = 1; ; attempt++) {
    const { Body } = await s3.send(command());
    try {
      return Buffer.from(await Body!.transformToByteArray());
    } catch (error) {
      if (attempt === BODY_ATTEMPTS) throw error;
    }
  }
}

/** The numbers of the objects of one process, in the order of the list. */
async function list(clients: Clients, process: string): Promise<Found> {
  const command = new ListObjectsV2Command({ Bucket: bucketOf(clients), Prefix: `${process}/` });
  const { output, found } = await clients.ask(() => clients.s3.send(command));
  const numbers = (output.Contents ?? []).map(({ Key = '' }) => Key.slice(process.length + 1));
  return { ...found, value: output.IsTruncated ? `${numbers.join(' ')} ...` : numbers.join(' ') };
}
