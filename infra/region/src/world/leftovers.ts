/**
 * Clears away what a world that was killed may have left: hosts that were frozen at that moment could not notice its end.
 * Only processes that the record names and that still are hosts of this very region are ended.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type Clock, sleep } from '@stormglass/base';
import type { StateFolder, WorldRecord } from '../state-folder.ts';

/** Process titles: how our processes are told from later users of their pids. */
export const WORLD_TITLE = 'stormglass world';
export const HOST_TITLE = 'stormglass host';

/** True while the process exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The running world of this folder, if there is one. */
export function runningWorld(folder: StateFolder): WorldRecord | undefined {
  const record = folder.readWorld();
  return record !== undefined && isWorld(record.pid) ? record : undefined;
}

/** True while the process exists and is a world; one that has ended and waits to be collected is not. */
export const isWorld = (pid: number): boolean => isAlive(pid) && commandOf(pid).includes(WORLD_TITLE);

/** Ends hosts of an earlier world of this folder, and waits a moment until they are gone, and their ports free. */
export async function endLeftoverHosts(folder: StateFolder, clock: Clock): Promise<void> {
  const isHost = (pid: number) => isAlive(pid) && commandOf(pid).includes(HOST_TITLE);
  const left = Object.values(folder.readWorld()?.hosts ?? {}).filter(isHost);
  for (const pid of left) process.kill(pid, 'SIGKILL');
  const deadline = clock.monotonic() + GONE_WITHIN_MS;
  while (left.some(isHost) && clock.monotonic() < deadline) await sleep(clock, POLL_MS);
}

const GONE_WITHIN_MS = 2000;
const POLL_MS = 10;

/** What the process is running; empty when that cannot be told. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    try {
      return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
    } catch {
      return '';
    }
  }
}
