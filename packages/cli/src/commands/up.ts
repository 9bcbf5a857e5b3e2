/** `stormglass up`: starts a region, in the background or (with `--foreground`) until ctrl-c. */
import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type RegionStatus, WorldClient, WorldError } from '@stormglass/contracts';
import {
  AlreadyRunning,
  CannotStart,
  runWorld,
  StateFolder,
  StateFolderError,
  type WorldSettings,
} from '@stormglass/region';
import { result, say } from '../output.ts';
import { regionsOf } from '../regions-of.ts';
import {
  acmeHttpPortOption,
  type CommandLine,
  certificateLifeOption,
  dnsPortOption,
  dnsSettings,
  externalLogOption,
  globalStsOption,
  logLevelOption,
  numberOption,
  periodsOption,
  portOption,
  regionLinksOption,
  regionsOption,
  throttleOption,
} from '../settings.ts';
import { environmentLines } from './env.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
/** For each region: they share the processors. */
const READY_TIMEOUT_S = 60;

/** What the process in the background tells the one that started it. */
type Progress =
  | { readonly type: 'ready'; readonly status: RegionStatus }
  | { readonly type: 'failed'; readonly message: string; readonly already: boolean };

export async function up(line: CommandLine): Promise<number> {
  const settings = worldSettings(line);
  if (process.send !== undefined && process.env.STORMGLASS_BACKGROUND === '1') return background(settings, line);
  return line.values.foreground ? foreground(settings, line) : startInBackground(line);
}

function worldSettings(line: CommandLine): WorldSettings {
  const { values } = line;
  const port = portOption(line, process.env);
  const [region, ...otherRegions] = regionsOption(line, process.env);
  return {
    folder: line.folder,
    ephemeral: values.ephemeral === true,
    ...{ region, otherRegions, regionLinks: regionLinksOption(line, process.env) },
    host: values.host ?? process.env.STORMGLASS_HOST ?? '127.0.0.1',
    port,
    dnsPort: dnsPortOption(line, process.env, port),
    dns: dnsSettings(line, process.env),
    acmeHttpPort: acmeHttpPortOption(line, process.env),
    globalSts: globalStsOption(line, process.env),
    throttle: throttleOption(line, process.env),
    periods: periodsOption(line, process.env),
    certificateLifeMs: certificateLifeOption(line, process.env),
    queryLog: values['dns-query-log'] === true || process.env.STORMGLASS_DNS_QUERY_LOG === '1',
    externalLog: externalLogOption(line, process.env),
    logLevel: logLevelOption(line, process.env),
  };
}

const timeoutMs = (line: CommandLine): number =>
  1000 *
  numberOption('timeout', line.values.timeout, READY_TIMEOUT_S * regionsOption(line, process.env).length, 1, 3600);

async function foreground(settings: WorldSettings, line: CommandLine): Promise<number> {
  const stop = Promise.withResolvers<void>();
  const { region, otherRegions = [], folder } = settings;
  say(
    `Starting ${[region, ...otherRegions].join(', ')} with three zones${otherRegions.length === 0 ? '' : ' each'} in ${folder} ...`,
  );
  try {
    const startedAt = performance.now();
    const world = await runWorld(settings, stop.resolve);
    process.on('SIGINT', () => stop.resolve());
    process.on('SIGTERM', () => stop.resolve());
    const ready = world.wait(timeoutMs(line)).then(status => announce(line, status, performance.now() - startedAt));
    const failed = await Promise.race([ready.then(() => stop.promise), stop.promise]).then(
      () => undefined,
      (error: unknown) => error,
    );
    say('Stopping ...');
    await world.close();
    if (failed !== undefined) throw failed;
    return 0;
  } catch (error) {
    return explain(error, line);
  }
}

/** The world in the background: tells its starter how it went, then lives until it is told to stop. */
async function background(settings: WorldSettings, line: CommandLine): Promise<number> {
  const tell = (progress: Progress) => {
    process.send?.(progress);
  };
  const stop = Promise.withResolvers<void>();
  process.on('SIGTERM', () => stop.resolve());
  process.on('SIGINT', () => stop.resolve());
  try {
    const world = await runWorld(settings, stop.resolve);
    try {
      tell({ type: 'ready', status: await world.wait(timeoutMs(line)) });
    } catch (error) {
      tell({ type: 'failed', message: (error as Error).message, already: false });
      stop.resolve();
    }
    if (process.connected) process.disconnect!();
    await stop.promise;
    await world.close();
    return 0;
  } catch (error) {
    tell({ type: 'failed', message: (error as Error).message, already: error instanceof AlreadyRunning });
    return 1;
  }
}

async function startInBackground(line: CommandLine): Promise<number> {
  const running = await alreadyRunning(line);
  if (running !== undefined) return running;
  const { length: regionCount } = regionsOption(line, process.env);
  say(`Starting three zones${regionCount === 1 ? '' : ` in each of ${regionCount} regions`} ...`);
  const startedAt = performance.now();
  let output: number | 'ignore';
  try {
    // An ephemeral region leaves the folder alone.
    output = line.values.ephemeral ? 'ignore' : new StateFolder(line.folder).openOutput();
  } catch (error) {
    return explain(error, line);
  }
  const child = spawn(process.execPath, [...process.execArgv, MAIN, ...process.argv.slice(2)], {
    detached: true,
    stdio: ['ignore', output, output, 'ipc'],
    env: { ...process.env, STORMGLASS_BACKGROUND: '1' },
  });
  if (output !== 'ignore') closeSync(output);
  const progress = await new Promise<Progress>(resolve => {
    child.on('message', message => resolve(message as Progress));
    child.on('exit', code =>
      resolve({
        type: 'failed',
        message: `the world ended at once (code ${code}); ${output === 'ignore' ? '`--foreground` shows why' : `see ${line.folder}/logs/output.log`}`,
        already: false,
      }),
    );
  });
  child.removeAllListeners('exit');
  if (child.connected) child.disconnect();
  child.unref();
  if (progress.type === 'ready') {
    announce(line, progress.status, performance.now() - startedAt);
    return 0;
  }
  return explain(new CannotStart(progress.message), line);
}

/** A second `up` says so and is content. */
async function alreadyRunning(line: CommandLine): Promise<number | undefined> {
  try {
    const status = await new WorldClient(new StateFolder(line.folder).controlSocket).status();
    say(`The region ${status.region} is already running at ${status.endpoint} (pid ${status.pid}).`);
    if (line.json) result(line, status, () => '');
    return 0;
  } catch (error) {
    if (error instanceof WorldError && error.notRunning) return undefined;
    throw error;
  }
}

function announce(line: CommandLine, status: RegionStatus, ms: number): void {
  if (line.json) {
    result(line, status, () => '');
    return;
  }
  for (const { region, endpoint, zones } of regionsOf(status)) {
    say(`Region ${region}: ${endpoint}`);
    for (const zone of zones) say(`  ${zone.id}  ${zone.name}  ${zone.endpoint}`);
  }
  say('\nTo use it from this shell:\n');
  process.stdout.write(`${environmentLines(status).join('\n')}\n\n`);
  process.stdout.write(`Ready.\n`);
  say(`(${(ms / 1000).toFixed(2)} s)`);
}

function explain(error: unknown, line: CommandLine): number {
  if (error instanceof AlreadyRunning) {
    say(`The region is already running at ${error.endpoint} (pid ${error.pid}).`);
    return 0;
  }
  const known = error instanceof CannotStart || error instanceof StateFolderError || error instanceof WorldError;
  const message =
    known || !(error instanceof Error) ? String((error as Error).message) : (error.stack ?? error.message);
  if (line.json) result(line, { error: message }, () => '');
  say(`Cannot start: ${message}`);
  return 1;
}
