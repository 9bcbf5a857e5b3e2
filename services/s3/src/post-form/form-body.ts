/**
 * The body of a browser's form: fields first, which are held in memory and bounded, then the file, which is a stream.
 * What comes behind the file is ignored.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import { AwsError } from '@stormglass/aws-wire';
import { invalidArgument, s3Error } from '../errors.ts';

export interface PostedFile {
  /** By lower-case names. */
  readonly fields: ReadonlyMap<string, string>;
  readonly filename: string;
  /** To be read to its end, or given up with `end`. */
  readonly chunks: AsyncIterable<Buffer>;
  /** Lets go of the rest of the body. */
  end(): void;
}

/**
 * Reads up to the file.
 * @throws AwsError MalformedPOSTRequest, MaxPostPreDataLengthExceeded, InvalidArgument when there is no file
 */
export function readForm(contentType: string, body: AsyncIterable<Buffer>): Promise<PostedFile> {
  const ending = new AbortController();
  return new Promise((resolve, reject) => {
    const fields = new Map<string, string>();
    let fieldBytes = 0;
    let file: BusboyFileStream | undefined;
    const fail = (error: unknown) => {
      const shown = error instanceof AwsError ? error : malformed(error);
      file?.destroy(shown);
      ending.abort();
      reject(shown);
    };
    let parser: Parser;
    try {
      parser = parserOf(contentType);
    } catch (error) {
      reject(malformed(error));
      return;
    }
    parser.on('field', (name, value, nameTruncated, valueTruncated) => {
      // A part may have no name at all, whatever the types say.
      if (file !== undefined || typeof name !== 'string') return;
      fieldBytes += name.length + value.length;
      if (nameTruncated || valueTruncated || fieldBytes > FIELD_BYTES_MAX)
        fail(s3Error('MaxPostPreDataLengthExceeded'));
      else if (!fields.has(name.toLowerCase())) fields.set(name.toLowerCase(), value);
    });
    parser.on('fieldsLimit', () => fail(s3Error('MaxPostPreDataLengthExceeded')));
    parser.on('file', (_name, stream, filename) => {
      if (file !== undefined) {
        stream.on('error', () => {}).resume();
        return;
      }
      file = stream;
      // Whoever reads it is told; without a reader it would be nobody's.
      stream.on('error', () => {});
      const end = () => ending.abort();
      resolve({ fields, filename: filename ?? '', chunks: chunksOf(stream, end), end });
    });
    pipeline(Readable.from(body), parser, { signal: ending.signal }).then(() => {
      if (file === undefined) fail(noFile());
    }, fail);
  });
}

/** Only the field of that name is the file, whether it has a file's name or not. */
const parserOf = (contentType: string) =>
  new Busboy({
    headers: { 'content-type': contentType },
    isPartAFile: name => name?.toLowerCase() === 'file',
    limits: { fieldNameSize: FIELD_BYTES_MAX, fieldSize: FIELD_BYTES_MAX, fields: FIELDS_MAX, headerPairs: 32 },
  });
type Parser = ReturnType<typeof parserOf>;

async function* chunksOf(file: Readable, end: () => void): AsyncGenerator<Buffer> {
  try {
    yield* file as AsyncIterable<Buffer>;
  } catch (error) {
    throw error instanceof AwsError ? error : malformed(error);
  } finally {
    // What is left is not read: there may be fields behind the file, and they mean nothing.
    end();
  }
}

const malformed = (cause: unknown): AwsError => {
  const { code, status, message } = s3Error('MalformedPOSTRequest');
  return new AwsError(code, status, message, undefined, { cause });
};

const noFile = () => invalidArgument('POST requires exactly one file upload per request.', 'file', '0');

const FIELDS_MAX = 200;
/** All fields before the file, names and values (S3 API Reference, MaxPostPreDataLengthExceededError). */
const FIELD_BYTES_MAX = 20 * 1024;
