/**
 * A small place for traces and metrics, for machines without Jaeger, and for tests: takes OTLP, keeps the newest in
 * memory, answers Jaeger's queries, and shows pages. Nothing is written to disk; when it ends, what it knew is gone.
 */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '@stormglass/base';
import { queryApi } from './query.ts';
import { otlpReceiver, type Stores } from './receiver.ts';
import { MetricStore } from './store/metric-store.ts';
import { SpanStore } from './store/span-store.ts';

export interface CollectorOptions {
  readonly clock: Clock;
  /** Where to listen: loopback unless others are to send and ask. */
  readonly host?: string;
  /** OTLP/HTTP; 4318 by custom, 0 for a port of the system's choice. */
  readonly otlpPort: number;
  /** Queries and pages; 16686 by custom. */
  readonly queryPort: number;
  readonly stores?: Stores;
}

export interface Collector {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly otlpEndpoint: string;
  /** Jaeger's query API, and the pages. */
  readonly queryEndpoint: string;
  readonly stores: Stores;
  close(): Promise<void>;
}

/** @throws Error (`EADDRINUSE`, `EACCES`) when a port cannot be had */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const { clock, host = '127.0.0.1', otlpPort, queryPort } = options;
  const stores = options.stores ?? { spans: new SpanStore(), metrics: new MetricStore() };
  const otlp = await listen(otlpReceiver(stores), otlpPort, host);
  const query = await listen(queryApi(stores, clock), queryPort, host).catch(async (error: Error) => {
    await end(otlp);
    throw error;
  });
  return {
    otlpEndpoint: endpointOf(otlp, host),
    queryEndpoint: endpointOf(query, host),
    stores,
    close: async () => void (await Promise.all([end(otlp), end(query)])),
  };
}

async function listen(listener: RequestListener, port: number, host: string): Promise<Server> {
  const server = createServer({ requestTimeout: 30_000 }, listener);
  server.maxConnections = 256;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server;
}

const endpointOf = (server: Server, host: string): string => `http://${host}:${(server.address() as AddressInfo).port}`;

async function end(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
}
