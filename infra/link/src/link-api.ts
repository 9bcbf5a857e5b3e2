/**
 * The HTTP API of a link, JSON both ways: which rules are in force, and what has been carried.
 *
 *     GET /rules           every rule in force
 *     PUT /rules           these rules and no others (a list)
 *     POST /rules          one rule more, or in place of the one with its id
 *     DELETE /rules[/ID]   one rule less, or none any more
 *     GET /stats           connections, bytes, datagrams
 *     GET /healthz         that it is there
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { errorStory, type Logger } from '@stormglass/base';
import { FaultSettingsError } from '@stormglass/faults';
import type { LinkStats } from './link.ts';
import type { TimedRules } from './timed-rules.ts';

export interface LinkApiOptions {
  readonly rules: TimedRules;
  readonly stats: () => LinkStats;
  readonly logger: Logger;
  /** 0 for any that is free. */
  readonly port: number;
  /** Loopback unless told. */
  readonly address?: string;
}

type Answer = readonly [status: number, body: unknown];

const BODY_BYTES_MAX = 1024 * 1024;
/** A caller that does not come to the end of its request in time is cut off. */
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Resolves when it listens.
 * @throws Error (`EADDRINUSE`, ...) when the port cannot be had
 */
export async function serveLinkApi(options: LinkApiOptions): Promise<Server> {
  const { port, address = '127.0.0.1', logger } = options;
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    answer(options, request).then(
      ([status, body]) => respond(response, status, body),
      (error: unknown) => {
        logger.error('the API of the link', { error: errorStory(error) });
        respond(response, 500, { message: 'internal error' });
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
  return server;
}

async function answer({ rules, stats }: LinkApiOptions, request: IncomingMessage): Promise<Answer> {
  const { method = '', url = '' } = request;
  const id = /^\/rules\/([\w.:-]{1,64})$/.exec(url)?.[1];
  try {
    switch (id === undefined ? `${method} ${url}` : `${method} /rules/ID`) {
      case 'GET /healthz':
        return [200, { status: 'ok' }];
      case 'GET /stats':
        return [200, stats()];
      case 'GET /rules':
        return [200, rules.list()];
      case 'PUT /rules':
        return [200, rules.replace(await readJson(request))];
      case 'POST /rules':
        return [201, rules.add(await readJson(request))];
      case 'DELETE /rules':
        return [200, { cleared: rules.remove() }];
      case 'DELETE /rules/ID':
        return rules.remove(id) === 1 ? [200, { cleared: 1 }] : [404, { message: `there is no rule ${id}` }];
      default:
        return [404, { message: `no such call: ${method} ${url}` }];
    }
  } catch (error) {
    if (error instanceof FaultSettingsError) return [400, { message: error.message }];
    throw error;
  }
}

function respond(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  // A body that was not read to its end would be taken for the next request.
  const closing = response.req.complete ? {} : { connection: 'close' };
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...closing,
  });
  response.end(text);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) throw new FaultSettingsError(`a request has ${BODY_BYTES_MAX} bytes at most`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch (cause) {
    throw new FaultSettingsError('the request is not JSON', { cause });
  }
}
