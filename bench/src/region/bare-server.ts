/**
 * The floor: a server that reads a request's body and answers with given bytes, on bare node:http or bare Fastify. It
 * knows nothing of AWS; what a region costs more than this is what a region does.
 */
import { createServer } from 'node:http';
import Fastify from 'fastify';

interface Settings {
  readonly kind: 'node' | 'fastify';
  /** Name and value in turn. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** Headers that Fastify and Node set by themselves. */
const OWN_HEADERS = /^(content-length|connection|keep-alive|date|transfer-encoding)$/i;

const { kind, headers, body } = JSON.parse(process.env.STORMGLASS_BENCH_BARE!) as Settings;
const { port } = kind === 'node' ? await bareNode() : await bareFastify();
process.on('disconnect', () => process.exit(0));
process.send?.({ port });

async function bareNode(): Promise<{ port: number }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.writeHead(200, headers as string[]);
      response.end(body);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return server.address() as { port: number };
}

async function bareFastify(): Promise<{ port: number }> {
  const app = Fastify({ logger: false });
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, content, done) => done(null, content));
  const fields = Object.fromEntries(
    headers.flatMap((name, i) => (i % 2 === 0 && !OWN_HEADERS.test(name) ? [[name, headers[i + 1]!]] : [])),
  );
  app.post('/', (_request, reply) => reply.headers(fields).send(body));
  await app.listen({ port: 0, host: '127.0.0.1' });
  return app.server.address() as { port: number };
}
