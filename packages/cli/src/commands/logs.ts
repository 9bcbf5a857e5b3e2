/** `stormglass logs [zone|world]`: the structured logs of the region's processes, merged by time; `-f` follows them. */
import { existsSync, readdirSync, readFileSync, statSync, watch } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { WorldClient } from '@stormglass/contracts';
import { StateFolder } from '@stormglass/region';
import { say } from '../output.ts';
import { type CommandLine, numberOption, UsageError } from '../settings.ts';

export async function logs(line: CommandLine): Promise<number> {
  const files = logFiles(await logsFolder(line), line.words);
  const count = numberOption('lines', line.values.lines, 50, 0, 1_000_000);
  const lines = files.flatMap(path =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter(text => text.startsWith('{')),
  );
  for (const text of lines.sort(byTime).slice(lines.length - Math.min(count, lines.length))) print(text, line.json);
  if (line.values.follow) await follow(files, text => print(text, line.json));
  return 0;
}

/** A running region says where it is; an ephemeral one is not where its folder is. */
async function logsFolder(line: CommandLine): Promise<string> {
  const folder = new StateFolder(line.folder);
  const status = await new WorldClient(folder.controlSocket).status().catch(() => undefined);
  return status === undefined ? folder.logsFolder : join(status.folder, 'logs');
}

function logFiles(folder: string, names: readonly string[]): string[] {
  const all = existsSync(folder)
    ? readdirSync(folder).filter(name => name.endsWith('.log') && name !== 'output.log')
    : [];
  const wanted = names.length === 0 ? all : names.map(name => `${name}.log`);
  const missing = wanted.filter(name => !all.includes(name));
  if (missing.length > 0)
    throw new UsageError(
      `no logs of ${missing.map(name => basename(name, '.log')).join(', ')}; there are ${all.map(name => basename(name, '.log')).join(', ')}`,
    );
  if (all.length === 0) say('There are no logs yet.');
  return wanted.map(name => join(folder, name));
}

// Every line begins with {"time":"...", so the text itself sorts by time.
const byTime = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function print(text: string, json: boolean): void {
  if (json) {
    process.stdout.write(`${text}\n`);
    return;
  }
  const { time, level, message, host, pid: _pid, zone: _zone, ...rest } = JSON.parse(text) as Record<string, unknown>;
  const fields = Object.entries(rest).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  process.stdout.write(
    `${String(time)} ${String(host).padEnd(10)} ${String(level).padEnd(5)} ${String(message)} ${fields.join(' ')}\n`,
  );
}

/** Prints what is added to the files until the process is interrupted. */
async function follow(files: readonly string[], onLine: (text: string) => void): Promise<void> {
  const interrupted = new Promise<void>(resolve => process.once('SIGINT', () => resolve()));
  const watchers = files.map(path => {
    let at = statSync(path).size;
    let reading = false;
    const read = async () => {
      if (reading) return;
      reading = true;
      const file = await open(path, 'r');
      try {
        const { size } = await file.stat();
        if (size < at) at = 0;
        const bytes = Buffer.alloc(size - at);
        await file.read(bytes, 0, bytes.length, at);
        const whole = bytes.lastIndexOf(10) + 1;
        at += whole;
        for (const text of bytes.toString('utf8', 0, whole).split('\n')) if (text.startsWith('{')) onLine(text);
      } finally {
        await file.close();
        reading = false;
      }
    };
    return watch(path, () => void read());
  });
  await interrupted;
  for (const watcher of watchers) watcher.close();
}
