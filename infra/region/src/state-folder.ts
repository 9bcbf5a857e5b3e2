/**
 * Where a region keeps itself on disk:
 *
 *     region.json       what must be remembered about the region: the identities of its logs
 *     zones/<id>/       each zone's disk: its journals and snapshots
 *     certificate-authority/   the region's authority: keys, ledger
 *     ca.pem            the root certificate, for clients
 *     object-key        the key that seals the keys of S3's objects; zones are told it and do not keep it
 *     logs/             structured logs, a file a process
 *     regions/<name>/   each region but the first, where there are several: all of the above but the logs
 *
 * What belongs to a running world only lives in a run folder beside the system's other temporary files: sockets, whose
 * paths may not be long, and `world.json` with the pids of the world and its hosts. The folder's path names it, so one
 * folder has one world at a time; an ephemeral region keeps its data elsewhere and leaves the folder alone.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, openSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { type Random, systemCode } from '@stormglass/base';
import { writeWholeSync } from '@stormglass/base/whole-file';

export interface RegionRecord {
  readonly region: string;
  readonly engine: string;
  /** Identity of each log this region has had. */
  readonly logIds: Readonly<Record<string, string>>;
}

export interface WorldRecord {
  readonly pid: number;
  readonly endpoint: string;
  /** Pids of the zones' hosts, which must not outlive the world. */
  readonly hosts: Readonly<Record<string, number>>;
}

/** The folder cannot be used; the message says why and what to do. */
export class StateFolderError extends Error {
  override readonly name = 'StateFolderError';
}

/** What one region keeps on disk. */
export class RegionFolder {
  /** Where the data is. */
  readonly path: string;
  readonly #logsFolder: string;

  constructor(path: string, logsFolder = join(path, 'logs')) {
    this.path = path;
    this.#logsFolder = logsFolder;
  }

  get logsFolder(): string {
    return this.#logsFolder;
  }
  zoneFolder(zone: string): string {
    return join(this.path, 'zones', zone);
  }
  /** Of the certificate authority: its keys and its ledger. */
  get authorityFolder(): string {
    return join(this.path, 'certificate-authority');
  }
  /** The root certificate, for clients of the region. */
  get rootFile(): string {
    return join(this.path, 'ca.pem');
  }
  /**
   * The region's master key for S3's objects, 32 bytes in base64; made when there is none.
   * @throws StateFolderError when it cannot be read or made: a new one in its place would leave every object unreadable
   */
  objectKey(random: Random): string {
    const path = join(this.path, 'object-key');
    try {
      const known = readIfThere(path);
      const key = known ?? Buffer.from(random.bytes(OBJECT_KEY_BYTES)).toString('base64');
      if (Buffer.from(key, 'base64').length !== OBJECT_KEY_BYTES) throw new StateFolderError(`${path} is damaged`);
      if (known === undefined) writeWholeSync(path, key);
      return key;
    } catch (cause) {
      if (cause instanceof StateFolderError) throw cause;
      throw new StateFolderError(explain(path, cause), { cause });
    }
  }
  logFile(process: string): string {
    return join(this.logsFolder, `${process}.log`);
  }
  /** @throws StateFolderError when the folder cannot be made or written */
  prepareDisk(): void {
    try {
      mkdirSync(this.path, { recursive: true, mode: 0o700 });
      mkdirSync(this.logsFolder, { recursive: true, mode: 0o700 });
      const probe = join(this.path, '.probe');
      writeFileSync(probe, Buffer.alloc(PROBE_BYTES));
      rmSync(probe);
    } catch (cause) {
      throw new StateFolderError(explain(this.path, cause), { cause });
    }
  }
  readRegion(): RegionRecord | undefined {
    return read(join(this.path, 'region.json')) as RegionRecord | undefined;
  }
  writeRegion(record: RegionRecord): void {
    write(join(this.path, 'region.json'), record);
  }
}

/** What a world keeps on disk: its first region beside all others. */
export class StateFolder extends RegionFolder {
  readonly runFolder: string;

  /** `data`: where an ephemeral region keeps itself instead of in `path`. */
  constructor(path: string, data = path) {
    super(resolve(data));
    const id = createHash('sha256').update(resolve(path)).digest('hex').slice(0, 12);
    this.runFolder = join(tmpdir(), `stormglass-${userInfo().uid}-${id}`);
  }

  get controlSocket(): string {
    return join(this.runFolder, 'world.sock');
  }

  /** Of a region that is not the first. */
  regionFolder(name: string): RegionFolder {
    return new RegionFolder(join(this.path, 'regions', name), this.logsFolder);
  }

  /**
   * Opens the file for what a world in the background writes past its logger.
   * @throws StateFolderError
   */
  openOutput(): number {
    try {
      mkdirSync(this.logsFolder, { recursive: true, mode: 0o700 });
      return openSync(join(this.logsFolder, 'output.log'), 'a', 0o600);
    } catch (cause) {
      throw new StateFolderError(explain(this.path, cause), { cause });
    }
  }

  /** @throws StateFolderError when the folder cannot be made or written */
  prepare(): void {
    this.prepareDisk();
    try {
      rmSync(this.runFolder, { recursive: true, force: true });
      mkdirSync(this.runFolder, { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw new StateFolderError(explain(this.runFolder, cause), { cause });
    }
  }

  readWorld(): WorldRecord | undefined {
    return read(join(this.runFolder, 'world.json')) as WorldRecord | undefined;
  }
  writeWorld(record: WorldRecord): void {
    write(join(this.runFolder, 'world.json'), record);
  }

  /** Leaves what belongs to a running world behind. */
  forgetWorld(): void {
    rmSync(this.runFolder, { recursive: true, force: true });
  }

  /** Removes everything the region knows, and nothing else: whoever names the wrong folder must not lose it. */
  erase(): void {
    for (const name of OWN_NAMES) rmSync(join(this.path, name), { recursive: true, force: true });
    rmSync(this.runFolder, { recursive: true, force: true });
    try {
      rmdirSync(this.path);
    } catch (error) {
      if (!['ENOENT', 'ENOTDIR', 'ENOTEMPTY', 'EBUSY'].includes(systemCode(error) ?? '')) throw error;
    }
  }
}

function read(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

const write = (path: string, value: unknown): void => writeWholeSync(path, `${JSON.stringify(value, undefined, 2)}\n`);

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

const OBJECT_KEY_BYTES = 32;

const PROBE_BYTES = 64 * 1024;
const OWN_NAMES = [
  'region.json',
  'region.json.new',
  'zones',
  'regions',
  'logs',
  'certificate-authority',
  'ca.pem',
  'object-key',
  'object-key.new',
  'compile-cache',
  '.probe',
];

function explain(path: string, cause: unknown): string {
  switch (systemCode(cause)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `the disk of ${path} is full; free some space, or choose another folder with --folder`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `${path} is not writable; choose another folder with --folder`;
    case 'ENOTDIR':
    case 'EEXIST':
      return `${path} is not a folder; choose another one with --folder`;
    default:
      return `${path} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}
