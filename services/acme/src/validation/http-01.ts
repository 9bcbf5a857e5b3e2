/**
 * http-01: the key authorization stands at a well-known place on the web server of the name (RFC 8555, 8.3). Redirects
 * are followed to the usual ports only, so that nobody sends the region around its own insides.
 */
import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { isIP } from 'node:net';
import { type Clock, errorStory } from '@stormglass/base';
import type { Resolve } from '../deps.ts';
import { addressesOf } from './addresses.ts';
import { type Validation, ValidationFailed } from './outcome.ts';

const TIMEOUT_MS = 10_000;
const REDIRECTS_MAX = 5;
const BODY_BYTES_MAX = 4096;
const SHOWN_LENGTH_MAX = 100;

export interface HttpValidation {
  readonly resolve: Resolve;
  readonly httpPort: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** @throws ValidationFailed */
export async function validateHttp(validation: Validation, options: HttpValidation): Promise<void> {
  const { identifier, token, keyAuthorization } = validation;
  const late = new AbortController();
  const cancel = options.clock.after(TIMEOUT_MS, () => late.abort(new Error(`no answer within ${TIMEOUT_MS} ms`)));
  const signal = AbortSignal.any([late.signal, options.signal]);
  const host = isIP(identifier.value) === 6 ? `[${identifier.value}]` : identifier.value;
  try {
    let url = new URL(`http://${host}:${options.httpPort}/.well-known/acme-challenge/${token}`);
    for (let redirects = 0; ; redirects++) {
      const { status, location, body } = await get(url, options.resolve, signal);
      if (location === undefined) return requireBody(url, status, body, keyAuthorization);
      if (redirects === REDIRECTS_MAX) throw new ValidationFailed('connection', `${url} redirects too often.`);
      url = redirected(url, location, options.httpPort);
    }
  } finally {
    cancel();
  }
}

function requireBody(url: URL, status: number, body: string, expected: string): void {
  if (status !== 200) throw new ValidationFailed('unauthorized', `${url} answers ${status}.`);
  if (body.trimEnd() === expected) return;
  const shown = body.slice(0, SHOWN_LENGTH_MAX);
  throw new ValidationFailed('unauthorized', `${url} should say ${expected}; it says ${JSON.stringify(shown)}.`);
}

function redirected(from: URL, location: string, httpPort: number): URL {
  const to = URL.parse(location, from);
  const port = to?.port === '' ? (to.protocol === 'https:' ? 443 : 80) : Number(to?.port);
  const isAllowed = to?.protocol === 'http:' ? port === 80 || port === httpPort : port === 443;
  if (to === null || !/^https?:$/.test(to.protocol) || !isAllowed) {
    throw new ValidationFailed('connection', `${from} redirects to ${location.slice(0, 300)}, which is not followed.`);
  }
  return to;
}

interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
}

async function get(url: URL, resolve: Resolve, signal: AbortSignal): Promise<Answer> {
  const name = url.hostname.replace(/^\[|\]$/g, '');
  let failure: unknown;
  for (const address of await addressesOf(name, resolve)) {
    try {
      return await ask(url, name, address, signal);
    } catch (error) {
      failure = error;
      if (signal.aborted || error instanceof ValidationFailed) break;
    }
  }
  if (failure instanceof ValidationFailed) throw failure;
  const why = errorStory(signal.aborted ? signal.reason : failure);
  throw new ValidationFailed('connection', `${url} cannot be fetched: ${why}`, failure);
}

function ask(url: URL, name: string, address: string, signal: AbortSignal): Promise<Answer> {
  const options = {
    ...{ host: address, port: url.port === '' ? undefined : url.port, path: `${url.pathname}${url.search}` },
    ...{ agent: false, signal, headers: { host: url.host, 'user-agent': 'stormglass', connection: 'close' } },
    // What is shown is control of the name, not of a certificate that it has already.
    ...(isIP(name) === 0 ? { servername: name } : {}),
    rejectUnauthorized: false,
  };
  return new Promise((done, reject) => {
    const request = (url.protocol === 'https:' ? overHttps : overHttp)(options, response => {
      const { statusCode: status = 0, headers } = response;
      const isRedirect = [301, 302, 303, 307, 308].includes(status) && headers.location !== undefined;
      if (isRedirect) {
        response.destroy();
        done({ status, location: headers.location, body: '' });
      } else bodyOf(response).then(body => done({ status, location: undefined, body }), reject);
    });
    request.once('error', reject).end();
  });
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += (chunk as Buffer).length;
    if (size > BODY_BYTES_MAX) {
      throw new ValidationFailed('incorrectResponse', `The answer is longer than ${BODY_BYTES_MAX} bytes.`);
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
}
