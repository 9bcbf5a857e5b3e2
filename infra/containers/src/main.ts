/** A container of a region: `node infra/containers/src/main.ts ROLE`, with the rest in its environment. */
import { useCompileCache } from '@stormglass/base/compile-cache';

useCompileCache();

const { errorStory, jsonLogger, skewed, systemClock, systemRandom } = await import('@stormglass/base');
const { HostFaults } = await import('@stormglass/faults');
const { openTelemetry } = await import('@stormglass/service-kit');
const { readSettings } = await import('./settings.ts');
const { isService } = await import('./parts.ts');
type Run = (context: import('./host.ts').Context) => Promise<import('./host.ts').Closing>;

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

async function runOf(): Promise<Run> {
  if (isService(role)) {
    const { runService } = await import('./service-role.ts');
    return context => runService(context, role);
  }
  switch (role) {
    case 'resolver':
      return (await import('./resolver-role.ts')).runResolver;
    case 'entrance':
      return (await import('./entrance-role.ts')).runEntrance;
    case 'link':
      return (await import('./link-role.ts')).runLink;
    case 'gate':
      return (await import('./gate-role.ts')).runGate;
    case 'world':
      return (await import('./world-role.ts')).runWorldRole;
    case 'secrets':
      return (await import('./secrets-role.ts')).runSecrets;
  }
}

const service = `stormglass-${role}`;
const telemetry = await openTelemetry({ service, zone, region: region.name }, logger);
const running = await (await runOf())({ settings, clock, random: systemRandom, logger, telemetry, faults });
logger.info('running');

let ending = false;
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await running.close().catch(error => logger.error('ending', { error: errorStory(error) }));
  await telemetry.close().catch(() => {});
  process.exit(0);
}
process.on('SIGTERM', () => void end()).on('SIGINT', () => void end());
