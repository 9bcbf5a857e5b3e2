/** What a zone answers to the others about blobs on its disk, on its internal port: takes, gives and deletes stored forms. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorStory, type Logger, systemCode } from '@stormglass/base';
import { BlobDamaged, type BlobFiles, BlobMissing } from '@stormglass/blob-store';
import { BLOBS } from '@stormglass/contracts';
import { BodyStream } from '@stormglass/service-kit';
import type { InFlight } from './in-flight.ts';

export interface BlobRoutesOptions {
  readonly files: BlobFiles;
  readonly inFlight: InFlight;
  /** Whether an object of this zone refers to the blob. */
  readonly isNamed: (id: string) => boolean;
  /** The copy here is not what it should be. */
  readonly onDamaged: (id: string) => void;
  readonly logger: Logger;
}

export type BlobRoutes = (request: IncomingMessage, response: ServerResponse) => void;

const ASKED = /^([0-9a-f]{32})(?:\?frame=(\d{1,9}))?$/;
/** @param frame that is asked for first */
type Handler = (
  options: BlobRoutesOptions,
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
  frame: number,
) => Promise<void>;

/** So long another zone may be silent in the middle of a blob: it may be frozen. */
const SILENCE_MS = 30_000;

export function blobRoutes(options: BlobRoutesOptions): BlobRoutes {
  const { logger } = options;
  return (request, response) => {
    const { method, url = '' } = request;
    const [, id = '', frame = '0'] = ASKED.exec(url.slice(BLOBS.folder.length)) ?? [];
    request.on('error', () => {});
    response.on('error', () => {});
    if (id === '') return end(request, response, 404, 'no such blob');
    const handler: Handler | undefined =
      method === 'PUT' ? take : method === 'GET' ? give : method === 'DELETE' ? discard : undefined;
    if (handler === undefined) return end(request, response, 405, 'PUT, GET or DELETE');
    handler(options, id, request, response, Number(frame)).catch((error: unknown) => {
      logger.warn('objects: a call of another zone failed', { method, blob: id, error: errorStory(error) });
      if (response.headersSent) response.destroy();
      else end(request, response, 500, 'see the log');
    });
  };
}

async function take(
  { files, inFlight, logger }: BlobRoutesOptions,
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const landed = inFlight.begin(id);
  try {
    await files.receive(id, new BodyStream(request, SILENCE_MS));
    end(request, response, 201, '');
  } catch (error) {
    const code = systemCode(error);
    logger.warn('objects: a blob of another zone was not stored', { blob: id, error: errorStory(error) });
    if (error instanceof BlobDamaged) end(request, response, 422, error.message);
    else if (code === 'ENOSPC' || code === 'EDQUOT') end(request, response, 507, 'the disk is full');
    else end(request, response, 500, 'it was not stored');
  } finally {
    landed();
  }
}

async function give(
  { files, onDamaged }: BlobRoutesOptions,
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
  fromFrame: number,
): Promise<void> {
  try {
    for await (const chunk of files.readStored(id, fromFrame)) {
      if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/octet-stream' });
      await new Promise<void>((resolve, reject) => response.write(chunk, error => (error ? reject(error) : resolve())));
    }
    response.end();
  } catch (error) {
    if (error instanceof BlobDamaged) onDamaged(id);
    if (response.destroyed) return;
    if (response.headersSent) response.destroy();
    else if (error instanceof BlobMissing) end(request, response, 404, 'it is not here');
    else if (error instanceof BlobDamaged) end(request, response, 409, error.message);
    else throw error;
  }
}

async function discard(
  { files, isNamed }: BlobRoutesOptions,
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (isNamed(id)) return end(request, response, 409, 'an object refers to it');
  end(request, response, (await files.delete(id)) ? 200 : 404, '');
}

/** Whoever is still sending is told, and the connection ends. */
function end(request: IncomingMessage, response: ServerResponse, status: number, text: string): void {
  if (response.destroyed || response.headersSent) return;
  const isWhole = request.complete;
  response.writeHead(status, {
    'content-length': Buffer.byteLength(text),
    ...(isWhole ? {} : { connection: 'close' }),
  });
  response.end(text, () => {
    if (!isWhole) request.destroy();
  });
}
