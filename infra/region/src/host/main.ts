/**
 * A zone's host process. The world starts it and hands it connections; when the world is gone, so is it: an experiment
 * has no stray processes.
 */

import type { Socket } from 'node:net';
import { useCompileCache } from '@stormglass/base/compile-cache';
import type { ToHost, ZoneHostConfig } from '@stormglass/contracts';
import type { HostRules, LinkRule } from '@stormglass/faults';

const config = JSON.parse(process.env.STORMGLASS_ZONE ?? 'null') as ZoneHostConfig | null;
if (config === null) {
  process.stderr.write('A zone host is started by the world: use `stormglass up`.\n');
  process.exit(2);
}
useCompileCache();
process.title = `stormglass host ${config.zone}`;

const { jsonLogger, systemClock, skewed, systemRandom, errorStory, systemCode } = await import('@stormglass/base');
const { HostFaults } = await import('@stormglass/faults');
const { acceptSocket, openTelemetry, silentTelemetry } = await import('@stormglass/service-kit');
const { openLineFile } = await import('../line-file.ts');
const { AskWorld } = await import('./ask-world.ts');
const { startZoneHost } = await import('./zone-host.ts');

const file = openLineFile(config.logFile);
const fields = { host: config.zone, zone: config.zone, pid: process.pid };
const logger = jsonLogger(systemClock, line => file.write(line), config.logLevel, fields);
const queryFile = config.dns.queryLogFile === undefined ? undefined : openLineFile(config.dns.queryLogFile);
const queryLogger = queryFile && jsonLogger(systemClock, line => queryFile.write(line), 'info', fields);
const flush = () => {
  file.flush();
  queryFile?.flush();
};
process.on('unhandledRejection', reason => logger.error('unhandled rejection', { error: errorStory(reason) }));
process.on('uncaughtException', error => {
  logger.error('uncaught exception; the host ends and is started again', {
    error: errorStory(error),
    stack: error.stack,
  });
  flush();
  process.exit(70);
});

const telemetry = await openTelemetry({ service: 'stormglass-zone', zone: config.zone, region: config.region }, logger);
const faults = new HostFaults(config.zone);
const onFaults = (rules: unknown) => {
  const { skewMs } = faults;
  faults.replace(rules as HostRules);
  if (faults.skewMs !== skewMs) logger.warn('the clock of this host was set', { skewMs: faults.skewMs });
};
onFaults(config.faults);
// The host's clock can be set wrong; its timers go on as they are.
const clock = skewed(systemClock, () => faults.skewMs);
let { settings } = config;
const world = new AskWorld(message => void process.send?.(message), systemClock);
const host = await startZoneHost({
  ...{ config, clock, random: systemRandom, logger, telemetry, faults, chaos: world.ask, settings: () => settings },
  ...(queryLogger === undefined ? {} : { queryLogger }),
}).catch(async (error: unknown): Promise<never> => {
  const why = whyNotStarted(error);
  logger.error('the host cannot start and is started again', { error: why });
  flush();
  // Once the world has it; whether it still can hear does not matter.
  await new Promise<void>(resolve => {
    if (process.send === undefined) resolve();
    else process.send({ type: 'failed', error: why }, () => resolve());
  });
  process.exit(71);
});
logger.info('zone host listens', { port: config.port });

process.on('message', (message: ToHost, socket?: Socket) => {
  switch (message.type) {
    case 'links':
      host.links.replace(message.rules as readonly LinkRule[]);
      return;
    case 'faults':
      onFaults(message.rules);
      process.send?.({ type: 'heard', version: message.version });
      return;
    case 'chaos':
      world.onAnswer(message.id, message.answer);
      return;
    case 'settings':
      settings = message.settings;
      logger.info('settings', { ...settings });
      return;
    case 'renew':
      host.certificates.renew();
      return;
  }
  // The client may have gone while its connection travelled here.
  if (socket === undefined) {
    process.send?.({ type: 'closed', id: message.id });
    return;
  }
  socket.once('close', () => process.connected && process.send?.({ type: 'closed', id: message.id }));
  // By the machine's clock, as the world's: this host's own may be set wrong.
  const arrival = telemetry === silentTelemetry ? undefined : { ...message, arrivedAt: systemClock.now() };
  acceptSocket(host.app, socket, arrival);
});

function whyNotStarted(error: unknown): string {
  const { port } = error as { port?: number };
  return systemCode(error) === 'EADDRINUSE' ? `port ${port} is taken by another program` : errorStory(error);
}

let ending = false;
async function end(why: string): Promise<void> {
  if (ending) return;
  ending = true;
  logger.info('zone host ends', { why });
  await host.close().catch(error => logger.error('ending', { error: errorStory(error) }));
  await telemetry.close().catch(() => {});
  flush();
  process.exit(0);
}
process.on('SIGTERM', () => void end('asked to'));
// The terminal sends ctrl-c to every process; the world decides when its hosts end.
process.on('SIGINT', () => {});
process.on('disconnect', () => {
  flush();
  process.exit(0);
});
process.send?.({ type: 'ready' });
