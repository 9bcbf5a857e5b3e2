/** Whether processes still run, as opposed to being dead and not yet collected by their parent. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { until } from '@stormglass/testing';

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^[ZX]/.test(stateOf(pid));
  } catch {
    return false;
  }
}

/** `R`, `S`, `T`, `Z` ... */
function stateOf(pid: number): string {
  try {
    return /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 'X';
  } catch {
    return execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  }
}

export const untilGone = (pids: readonly number[]): Promise<boolean> =>
  until(`the end of ${pids.join(', ')}`, () => pids.every(pid => !isRunning(pid)));
