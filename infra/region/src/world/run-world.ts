/** From settings to running regions, with everything that can go wrong at the door said in one clear sentence. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorStory, jsonLogger, systemClock, systemCode, systemRandom } from '@stormglass/base';
import type { DnsSettings, GlobalStsMode, Periods, ZoneHostConfig } from '@stormglass/contracts';
import { openLineFile } from '../line-file.ts';
import { type RegionFolder, StateFolder, StateFolderError } from '../state-folder.ts';
import { planRegions } from '../topology.ts';
import type { ExternalLog } from './external-log.ts';
import { layOut } from './lay-out.ts';
import { endLeftoverHosts, runningWorld, WORLD_TITLE } from './leftovers.ts';
import type { RegionLinks } from './region-links.ts';
import { Regions } from './regions.ts';
import { AlreadyRunning, CannotStart } from './start-errors.ts';

export interface WorldSettings {
  readonly folder: string;
  /** Keep nothing: the data lives in a temporary folder and goes with the region. */
  readonly ephemeral: boolean;
  readonly region: string;
  /** Regions beside that one. */
  readonly otherRegions?: readonly string[] | undefined;
  /** What lies between regions; 60 ms there and back, unless said. */
  readonly regionLinks?: RegionLinks | undefined;
  readonly host: string;
  /** Of the first region's front door. All other ports lie behind it (`ports.ts`). */
  readonly port: number;
  /** Of the first zone's DNS; 0 lets the system choose. */
  readonly dnsPort: number;
  readonly dns: DnsSettings;
  /** Where http-01 challenges of ACME are asked for. */
  readonly acmeHttpPort: number;
  /** Who answers the global endpoint of STS; the region itself unless said. */
  readonly globalSts?: GlobalStsMode;
  /** How often an account may call an operation in each zone. */
  readonly throttle?: ZoneHostConfig['throttle'] | undefined;
  readonly periods?: Periods;
  /** Keep a line for each DNS query. */
  readonly queryLog: boolean;
  /** Of host certificates, in ms. */
  readonly certificateLifeMs: number;
  readonly externalLog: ExternalLog | undefined;
  readonly logLevel: ZoneHostConfig['logLevel'];
}

const ephemeralData = (): string => mkdtempSync(join(tmpdir(), 'stormglass-ephemeral-'));
const REGION_LINKS: RegionLinks = { latencyMs: 60 };

/**
 * Starts regions in this process. `onStop` is called when somebody asks for their end.
 * @throws CannotStart, AlreadyRunning
 */
export async function runWorld(settings: WorldSettings, onStop: () => void): Promise<Regions> {
  const running = runningWorld(new StateFolder(settings.folder));
  if (running !== undefined) throw new AlreadyRunning(running.pid, running.endpoint);
  const folder = new StateFolder(settings.folder, settings.ephemeral ? ephemeralData() : undefined);
  try {
    const plans = planRegions([settings.region, ...(settings.otherRegions ?? [])]);
    if (plans.length > 1 && settings.externalLog !== undefined)
      throw new CannotStart('a log outside the region (--nats, --etcd) is for one region; start several without it');
    await endLeftoverHosts(folder, systemClock);
    folder.prepare();
    const folders = plans.map(({ name }, i) => (i === 0 ? folder : folder.regionFolder(name)));
    for (const [i, each] of folders.entries()) prepareRegion(each, plans[i]!.name);
    process.title = WORLD_TITLE;
    const file = openLineFile(folder.logFile('world'));
    const logger = jsonLogger(systemClock, line => file.write(line), settings.logLevel, {
      host: 'world',
      pid: process.pid,
    });
    process.on('unhandledRejection', reason => logger.error('unhandled rejection', { error: errorStory(reason) }));
    process.on('uncaughtExceptionMonitor', error =>
      logger.error('uncaught exception; the world ends', { error: errorStory(error), stack: error.stack }),
    );
    process.on('exit', () => file.flush());
    const around = { clock: systemClock, random: systemRandom, logger };
    const { ephemeral, regionLinks = REGION_LINKS } = settings;
    const worlds = (await layOut(plans, settings)).map((plan, i) => ({
      ...{ ...plan, ...around, folder: folders[i]! },
      siblingFolders: plan.others.map(other => folders[other.ordinal]!.authorityFolder),
    }));
    return await Regions.start({ folder, ephemeral, worlds, regionLinks, ...around, onStop });
  } catch (error) {
    if (settings.ephemeral) folder.erase();
    else folder.forgetWorld();
    throw explain(error, settings);
  }
}

/** @throws CannotStart when the folder holds another region, StateFolderError when it cannot be used */
function prepareRegion(folder: RegionFolder, name: string): void {
  folder.prepareDisk();
  const known = folder.readRegion();
  if (known !== undefined && known.region !== name)
    throw new CannotStart(`${folder.path} holds the region ${known.region}; choose another --folder, or reset it`);
}

function explain(error: unknown, { host, port }: WorldSettings): Error {
  if (error instanceof CannotStart || error instanceof StateFolderError) return error;
  switch (systemCode(error)) {
    case 'EADDRINUSE':
      return new CannotStart(
        `port ${(error as { port?: number }).port ?? port} is taken by another program; end it, or choose another port with --port`,
        {
          cause: error,
        },
      );
    case 'EACCES':
      return new CannotStart(`port ${port} needs more rights than you have; choose one above 1023 with --port`, {
        cause: error,
      });
    case 'EADDRNOTAVAIL':
      return new CannotStart(`${host} is not an address of this machine`, { cause: error });
    default:
      return new CannotStart(errorStory(error), { cause: error });
  }
}
