/**
 * LocalStack's chaos API on a client port: bodies are read within bounds and go to whoever keeps the fault board, so
 * that a rule is in force in every zone, whichever one it was given to.
 */
import { AwsError } from '@stormglass/aws-wire';
import type { ChaosAnswer, ChaosRequest } from '@stormglass/contracts';
import { readBody } from '@stormglass/service-kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Asks the fault board; rejects when it does not answer. */
export type AskChaos = (asked: ChaosRequest) => Promise<ChaosAnswer>;

const PREFIX = '/_localstack/chaos';
const BODY_LIMITS = { maxBytes: 64 * 1024, timeoutMs: 10_000 };

/** What `createHttpHost` takes as a mount. */
export const mountChaos =
  (ask: AskChaos) =>
  (app: FastifyInstance): void => {
    void app.register(
      async scope => {
        scope.removeAllContentTypeParsers();
        scope.addContentTypeParser('*', ({ raw }: FastifyRequest) => readBody(raw, BODY_LIMITS, () => {}));
        scope.setErrorHandler((error, _request, reply) => {
          const status = error instanceof AwsError ? error.status : 503;
          return reply.code(status).send({ message: error instanceof Error ? error.message : String(error) });
        });
        for (const path of ['faults', 'effects']) {
          scope.all(`/${path}`, async ({ method, body }, reply) => {
            const answer = await ask({ method, path, body: body === undefined ? '' : String(body) });
            return reply.code(answer.status).type('application/json').send(JSON.stringify(answer.body));
          });
        }
        scope.all('/*', (_request, reply) => reply.code(404).send({ message: 'known paths are faults and effects' }));
      },
      { prefix: PREFIX },
    );
  };
