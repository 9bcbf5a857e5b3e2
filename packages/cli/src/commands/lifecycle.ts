/** `down`, `wait`, `reset`: the end of a region, waiting for it, and forgetting all it knows. */
import { WorldClient, WorldError } from '@stormglass/contracts';
import { isWorld, runningWorld, StateFolder } from '@stormglass/region';
import { result, say } from '../output.ts';
import { controlOf } from '../region-control.ts';
import { type CommandLine, numberOption, UsageError } from '../settings.ts';

const POLL_MS = 25;
const DOWN_TIMEOUT_MS = 15_000;

export async function down(line: CommandLine): Promise<number> {
  const folder = new StateFolder(line.folder);
  const stopped = await stopRegion(folder);
  result(line, { stopped }, () => (stopped ? 'Stopped.' : 'The region is not running.'));
  return 0;
}

export async function wait(line: CommandLine): Promise<number> {
  const timeoutS = numberOption('timeout', line.values.timeout, 60, 1, 3600);
  const status = await controlOf(line).wait(timeoutS * 1000);
  result(line, status, () => 'Ready.');
  return 0;
}

/** Everything goes: users, roles, logs, snapshots. A running region is stopped first. */
export async function reset(line: CommandLine): Promise<number> {
  if (!line.values.yes && process.stdin.isTTY && !(await confirmed(line.folder)))
    throw new UsageError('nothing was changed');
  const folder = new StateFolder(line.folder);
  await stopRegion(folder);
  folder.erase();
  result(
    line,
    { reset: line.folder },
    () => `The region in ${line.folder} is gone; \`stormglass up\` begins a new one.`,
  );
  return 0;
}

async function confirmed(path: string): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await ask.question(`Forget everything in ${path}? (y/N) `);
  ask.close();
  return /^y/i.test(answer);
}

/** True when there was something to stop. */
async function stopRegion(folder: StateFolder): Promise<boolean> {
  const pid = runningWorld(folder)?.pid;
  try {
    await new WorldClient(folder.controlSocket).stop();
  } catch (error) {
    if (error instanceof WorldError && error.notRunning) return false;
    throw error;
  }
  say('Stopping ...');
  const deadline = performance.now() + DOWN_TIMEOUT_MS;
  // The record goes first, the process a moment later: until then its port is not free.
  while (runningWorld(folder) !== undefined || (pid !== undefined && isWorld(pid))) {
    if (performance.now() > deadline) throw new WorldError(`the region did not stop within ${DOWN_TIMEOUT_MS} ms`);
    await new Promise(resolve => setTimeout(resolve, POLL_MS));
  }
  return true;
}
