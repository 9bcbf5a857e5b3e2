/**
 * ACME over HTTP: mounts the routes beside the AWS services of a host, reads bodies within bounds, and gives every
 * answer its nonce, its links and, when there is one, its problem.
 */
import type { IncomingMessage } from 'node:http';
import { AwsError } from '@stormglass/aws-wire';
import { errorStory } from '@stormglass/base';
import { Admission, readBody } from '@stormglass/service-kit';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { makeNonce } from './protocol/nonces.ts';
import { AcmeProblem, malformed, notFound, unavailable } from './protocol/problem.ts';
import { authenticate } from './request.ts';
import type { AcmeAnswer, AcmeCall, AcmeDeps, AcmeRoute } from './route.ts';
import { accountRoutes } from './routes/accounts.ts';
import { authorizationRoutes } from './routes/authorizations.ts';
import { certificateRoutes } from './routes/certificates.ts';
import { directoryRoutes } from './routes/directory.ts';
import { orderRoutes } from './routes/orders.ts';

/** Below the paths of the region itself, so that no AWS service loses a path to it. */
export const PREFIX = '/_stormglass/acme';

const ROUTES = [...directoryRoutes, ...accountRoutes, ...orderRoutes, ...authorizationRoutes, ...certificateRoutes];
const CONTENT_TYPE = 'application/jose+json';
const BODY_LIMITS = { maxBytes: 128 * 1024, timeoutMs: 10_000 };
const REQUESTS_MAX = 256;

/** What `createHttpHost` takes as a mount. */
export const mountAcme =
  (deps: AcmeDeps) =>
  (app: FastifyInstance): void => {
    const admission = new Admission(REQUESTS_MAX);
    void app.register(
      async scope => {
        scope.removeAllContentTypeParsers();
        scope.addContentTypeParser('*', ({ raw }: FastifyRequest) => bodyOf(raw));
        scope.setErrorHandler((error: FastifyError, request, reply) => refuse(error, request, reply, deps));
        for (const route of ROUTES) {
          const { method, path: url } = route;
          const handler = (request: FastifyRequest, reply: FastifyReply) =>
            admitted(admission, () => respond(route, request, reply, deps));
          // HEAD of what is there for GET would be an answer with nonce and nothing else.
          scope.route({ method, url, exposeHeadRoute: false, handler });
        }
        scope.all('/*', async () => {
          throw notFound('such resource');
        });
      },
      { prefix: PREFIX },
    );
  };

async function bodyOf(request: IncomingMessage): Promise<string> {
  try {
    return (await readBody(request, BODY_LIMITS, () => {})).toString();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AcmeProblem('malformed', error.message, { status: error.status, headers: { connection: 'close' } });
  }
}

async function admitted<T>(admission: Admission, work: () => Promise<T>): Promise<T> {
  if (!admission.enter()) throw unavailable('This host is serving as many requests as it can.');
  try {
    return await work();
  } finally {
    admission.leave();
  }
}

async function respond(route: AcmeRoute, request: FastifyRequest, reply: FastifyReply, deps: AcmeDeps) {
  const call = callOf(request);
  return send(await answerTo(route, call, request, deps), call, request, reply, deps);
}

async function answerTo(route: AcmeRoute, call: AcmeCall, request: FastifyRequest, deps: AcmeDeps) {
  if (route.method !== 'POST') return route.handle(call, deps);
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== CONTENT_TYPE) {
    throw new AcmeProblem('malformed', `The content type must be ${CONTENT_TYPE}.`, { status: 415 });
  }
  const body = typeof request.body === 'string' ? request.body : '';
  const signed = await authenticate({ base: call.base, url: call.url, body }, route.signedBy, deps);
  return route.handle(signed, call, deps);
}

function callOf(request: FastifyRequest): AcmeCall {
  const { host } = request.headers;
  if (host === undefined || !/^[\w.:[\]-]{1,262}$/.test(host)) throw malformed('The request has no good Host.');
  const origin = `${'encrypted' in request.raw.socket ? 'https' : 'http'}://${host}`;
  return {
    base: `${origin}${PREFIX}`,
    url: `${origin}${request.raw.url ?? ''}`,
    params: request.params as Record<string, string>,
    query: request.query as Record<string, string | undefined>,
  };
}

function send(answer: AcmeAnswer, call: AcmeCall, request: FastifyRequest, reply: FastifyReply, deps: AcmeDeps) {
  const { link, ...headers } = answer.headers ?? {};
  const links = link === undefined ? [] : typeof link === 'string' ? [link] : link;
  const index = `<${call.base}/directory>;rel="index"`;
  reply.code(answer.status).headers({ ...headers, ...common(deps), link: [index, ...links] });
  const level = answer.status >= 500 ? 'error' : 'info';
  deps.logger[level]('acme', { method: request.method, url: request.raw.url, status: answer.status });
  return reply.send(answer.body);
}

/** What every answer carries. A zone without the key for nonces yet answers without one. */
function common({ replica, clock, random, zone }: AcmeDeps): Record<string, string> {
  const { nonceKey } = replica.view;
  const nonce = nonceKey === undefined ? {} : { 'replay-nonce': makeNonce(nonceKey, clock.now(), random) };
  return { ...nonce, 'x-stormglass-zone': zone };
}

function refuse(error: FastifyError, request: FastifyRequest, reply: FastifyReply, deps: AcmeDeps): FastifyReply {
  const problem = problemIn(error);
  const story = problem.status >= 500 ? { error: errorStory(error) } : {};
  deps.logger[problem.status >= 500 ? 'error' : 'info']('acme', {
    ...{ method: request.method, url: request.raw.url, status: problem.status },
    ...{ problem: problem.type, detail: problem.message, ...story },
  });
  return reply
    .code(problem.status)
    .headers({ ...problem.headers, ...common(deps) })
    .type('application/problem+json')
    .send(JSON.stringify(problem.document));
}

/** Fastify's own refusals have a status below 500; what has none is a bug, and nobody's business. */
function problemIn(error: FastifyError): AcmeProblem {
  if (error instanceof AcmeProblem) return error;
  const { statusCode: status = 500 } = error;
  if (status < 500) return new AcmeProblem('malformed', error.message, { status, cause: error });
  return new AcmeProblem('serverInternal', 'Something went wrong in the region.', { cause: error });
}
