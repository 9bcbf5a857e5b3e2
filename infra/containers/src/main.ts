/** A container of a region: `node infra/containers/src/main.ts ROLE`, with the rest in its environment. */
import { useCompileCache } from '@stormglass/base/compile-cache';

useCompileCache();

const { errorStory, jsonLogger, skewed, systemClock, systemRandom } = await import('@stormglass/base');
const { HostFaults } = await import('@stormglass/faults');
const { readSettings } = await import('./settings.ts');
type Closing = import('./host.ts').Closing;
type Context = import('./host.ts').Context;
type ZonePart = import('./parts.ts').ZonePart;

let settings: ReturnType<typeof readSettings>;
try {
  settings = readSettings(process.argv[2], process.env);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(2);
}

const { role, zone, to, region, logLevel } = settings;
const fields = { role, zone, ...(to === '' ? {} : { to }) };
process.title = `stormglass ${role} ${zone}`;
const faults = new HostFaults(zone);
const clock = skewed(systemClock, () => faults.skewMs);
const logger = jsonLogger(systemClock, line => process.stdout.write(line), logLevel, fields);
process.on('unhandledRejection', reason => logger.error('unhandled rejection', { error: errorStory(reason) }));
process.on('uncaughtException', error => {
  logger.error('uncaught exception; the container ends and is started again', {
    error: errorStory(error),
    stack: error.stack,
  });
  process.exit(70);
});

/** Starts what the container is for. Those that are no part of a zone tell no telemetry, and do without what it takes. */
async function start(): Promise<Closing> {
  const surroundings = { settings, clock, random: systemRandom, logger };
  switch (role) {
    case 'link':
      return (await import('./link-role.ts')).runLink(surroundings);
    case 'gate':
      return (await import('./gate-role.ts')).runGate(surroundings);
    case 'gateway':
      return (await import('./gateway-role.ts')).runGateway(surroundings);
    case 'world':
      return (await import('./world-role.ts')).runWorldRole(surroundings);
    case 'secrets':
      return (await import('./secrets-role.ts')).runSecrets(surroundings);
  }
  const { openTelemetry } = await import('@stormglass/service-kit');
  const telemetry = await openTelemetry({ service: `stormglass-${role}`, zone, region: region.name }, logger);
  const context = { ...surroundings, telemetry, faults };
  const part = await startPart(role, context);
  return {
    async close() {
      await part.close();
      await telemetry.close();
    },
  };
}

async function startPart(part: ZonePart, context: Context): Promise<Closing> {
  switch (part) {
    case 'resolver':
      return (await import('./resolver-role.ts')).runResolver(context);
    case 'entrance':
      return (await import('./entrance-role.ts')).runEntrance(context);
    default:
      return (await import('./service-role.ts')).runService(context, part);
  }
}

const running = await start();
logger.info('running');

let ending = false;
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await running.close().catch(error => logger.error('ending', { error: errorStory(error) }));
  process.exit(0);
}
process.on('SIGTERM', () => void end()).on('SIGINT', () => void end());
