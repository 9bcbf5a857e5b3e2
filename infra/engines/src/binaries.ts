/** Where the real servers are; `fetch.sh` beside this folder puts them there. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export type EngineBinary = 'nats-server' | 'nats-server-2.9' | 'nats-server-sid' | 'etcd' | 'etcd-3.4' | 'etcd-sid';

/** The cache folder: `STORMGLASS_ENGINES`, or the same default as `fetch.sh`. */
export const binaryFolder = (): string =>
  process.env.STORMGLASS_ENGINES ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'stormglass-engines');

/**
 * The path of a server program; obtains it first if it is not there yet.
 * @throws Error when it cannot be had here, for example because this is not a Debian system.
 */
export async function engineBinary(name: EngineBinary): Promise<string> {
  const path = join(binaryFolder(), name);
  if (!existsSync(path)) {
    const script = fileURLToPath(new URL('../fetch.sh', import.meta.url));
    const wantsSid = name.endsWith('-sid') ? ['--sid'] : [];
    await promisify(execFile)(script, [...wantsSid, binaryFolder()]);
  }
  return path;
}
