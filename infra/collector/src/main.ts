/**
 * The collector alone: `node infra/collector/src/main.ts [--host ADDRESS] [--otlp-port N] [--query-port N]`.
 */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { systemClock } from '@stormglass/base';
import { startCollector } from './collector.ts';

const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    'otlp-port': { type: 'string', default: '4318' },
    'query-port': { type: 'string', default: '16686' },
  },
});
const collector = await startCollector({
  clock: systemClock,
  host: values.host,
  otlpPort: Number(values['otlp-port']),
  queryPort: Number(values['query-port']),
});
process.stdout.write(
  `OTEL_EXPORTER_OTLP_ENDPOINT=${collector.otlpEndpoint}\npages and queries: ${collector.queryEndpoint}\n`,
);
await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
await collector.close();
