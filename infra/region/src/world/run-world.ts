/** From settings to a running world, with everything that can go wrong at the door said in one clear sentence. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorStory, jsonLogger, systemClock, systemCode, systemRandom } from '@stormglass/base';
import type { DnsSettings, ZoneHostConfig } from '@stormglass/contracts';
import { openLineFile } from '../line-file.ts';
import { addressForClients, ownAddresses, planPorts } from '../ports.ts';
import { StateFolder, StateFolderError } from '../state-folder.ts';
import { planRegion } from '../topology.ts';
import type { ExternalLog } from './external-log.ts';
import { endLeftoverHosts, runningWorld, WORLD_TITLE } from './leftovers.ts';
import { AlreadyRunning, CannotStart } from './start-errors.ts';
import { World } from './world.ts';

export interface WorldSettings {
  readonly folder: string;
  /** Keep nothing: the data lives in a temporary folder and goes with the region. */
  readonly ephemeral: boolean;
  readonly region: string;
  readonly host: string;
  /** Of the front door. The other ports of the region lie behind it (`ports.ts`). */
  readonly port: number;
  /** Of the first zone's DNS; 0 lets the system choose. */
  readonly dnsPort: number;
  readonly dns: DnsSettings;
  /** Where http-01 challenges of ACME are asked for. */
  readonly acmeHttpPort: number;
  /** How often an account may call an operation in each zone. */
  readonly throttle?: ZoneHostConfig['throttle'] | undefined;
  /** Keep a line for each DNS query. */
  readonly queryLog: boolean;
  /** Of host certificates, in ms. */
  readonly certificateLifeMs: number;
  readonly externalLog: ExternalLog | undefined;
  readonly logLevel: ZoneHostConfig['logLevel'];
}

const ephemeralData = (): string => mkdtempSync(join(tmpdir(), 'stormglass-ephemeral-'));

/**
 * Starts a world in this process. `onStop` is called when somebody asks for its end.
 * @throws CannotStart, AlreadyRunning
 */
export async function runWorld(settings: WorldSettings, onStop: () => void): Promise<World> {
  const running = runningWorld(new StateFolder(settings.folder));
  if (running !== undefined) throw new AlreadyRunning(running.pid, running.endpoint);
  const folder = new StateFolder(settings.folder, settings.ephemeral ? ephemeralData() : undefined);
  try {
    const region = planRegion(settings.region);
    endLeftoverHosts(folder);
    folder.prepare();
    const known = folder.readRegion();
    if (known !== undefined && known.region !== region.name) {
      throw new CannotStart(`${folder.path} holds the region ${known.region}; choose another --folder, or reset it`);
    }
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
    const { host, port, dnsPort, externalLog, logLevel, ephemeral, queryLog } = settings;
    const ports = await planPorts({
      ...{ frontDoor: port, dns: dnsPort, zoneCount: region.zones.length, host, random: systemRandom },
    });
    const addresses = await ownAddresses(region, host);
    const dns = {
      ...settings.dns,
      zones: region.zones.map(({ id }, i) => ({
        id,
        address: addresses.get(id) ?? addressForClients(host),
        clientsPort: ports.zones[i]!.clients,
        internalPort: ports.zones[i]!.internal,
      })),
      logPort: ports.log,
      certificateAuthorityPort: ports.certificateAuthority,
    };
    const clock = systemClock;
    const options = {
      region,
      folder,
      ephemeral,
      host,
      ports,
      addresses,
      certificateLifeMs: settings.certificateLifeMs,
      dns,
      acmeHttpPort: settings.acmeHttpPort,
      throttle: settings.throttle,
      queryLog,
      externalLog,
      logLevel,
      clock,
      random: systemRandom,
      logger,
      onStop,
    };
    return await World.start(options);
  } catch (error) {
    if (settings.ephemeral) folder.erase();
    else folder.forgetWorld();
    throw explain(error, settings);
  }
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
