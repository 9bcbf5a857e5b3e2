/** What traces and metrics cost: the same call on a region that exports them and on one that does not. */
import { createServer } from 'node:http';
import type { Load } from './load.ts';
import { interleaved, type Measurement, type Rounds } from './measurement.ts';
import { callerIdentity, furnish } from './region-cases.ts';
import { RegionServer } from './region-server.ts';

const MANY = 64;

export async function measureTelemetry(load: Load, rounds: Rounds): Promise<Measurement[]> {
  using sink = await openSink();
  await using silent = await RegionServer.start({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: '' } });
  await using telling = await RegionServer.start({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.endpoint } });
  const cases = await Promise.all(
    Object.entries({ silent, telling }).map(async ([server, region]) => {
      const credentials = await furnish(region.port);
      return callerIdentity(load, { server, port: region.port, pids: region.pids }, credentials, MANY);
    }),
  );
  // Awaited here, while the servers are there.
  return await interleaved(cases, rounds);
}

/** Takes whatever is exported and forgets it. */
async function openSink(): Promise<{ endpoint: string } & Disposable> {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { endpoint: `http://127.0.0.1:${port}`, [Symbol.dispose]: close };
}
