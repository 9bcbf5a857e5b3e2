/** `disable-zones`, `enable-zones`, `fault add|list|clear`: breaking the region, and mending it. */
import {
  type FaultRequest,
  type FaultStatus,
  WorldError,
  ZONE_OUTAGES,
  type ZoneOutage,
  type ZoneStatus,
} from '@stormglass/contracts';
import { result, table } from '../output.ts';
import { controlOf } from '../region-control.ts';
import { type CommandLine, durationOption, numberOption, UsageError } from '../settings.ts';

export async function disableZones(line: CommandLine): Promise<number> {
  const mode = line.values.mode ?? 'power-off';
  if (!(ZONE_OUTAGES as readonly string[]).includes(mode))
    throw new UsageError(`--mode must be one of ${ZONE_OUTAGES.join(', ')}`);
  const done: ZoneStatus[] = [];
  for (const zone of namedZones(line)) done.push(await controlOf(line).disableZone(zone, mode as ZoneOutage));
  result(line, done, () => done.map(z => `${z.id}: ${mode}`).join('\n'));
  return 0;
}

export async function enableZones(line: CommandLine): Promise<number> {
  const done: ZoneStatus[] = [];
  for (const zone of namedZones(line)) done.push(await controlOf(line).enableZone(zone));
  result(line, done, () => done.map(z => `${z.id}: coming back`).join('\n'));
  return 0;
}

function namedZones({ words, command }: CommandLine): readonly string[] {
  const zones = words.flatMap(word => word.split(',')).filter(word => word !== '');
  if (zones.length === 0)
    throw new UsageError(`${command} needs the id of a zone, for example: stormglass ${command} use1-az1`);
  return zones;
}

export async function fault(line: CommandLine): Promise<number> {
  const [action = 'list', ...rest] = line.words;
  switch (action) {
    case 'add':
      return add(line, rest);
    case 'list':
      return list(line);
    case 'clear':
      return clear(line, rest);
    default:
      throw new UsageError(`fault ${action}: known are add, list, clear`);
  }
}

async function add(line: CommandLine, [kind, ...pairs]: readonly string[]): Promise<number> {
  if (kind === undefined) throw new UsageError(`fault add needs a kind: ${await knownFaults()}`);
  const { values } = line;
  const durationMs = durationOption('duration', values.duration);
  const request: FaultRequest = {
    fault: kind,
    ...(values.zone === undefined ? {} : { zone: values.zone }),
    ...(values.region === undefined ? {} : { region: values.region }),
    ...(values.from === undefined ? {} : { from: values.from }),
    ...(values.to === undefined ? {} : { to: values.to }),
    ...(values['one-way'] === undefined ? {} : { oneWay: values['one-way'] }),
    ...(values.toxicity === undefined ? {} : { toxicity: numberOption('toxicity', values.toxicity, 1, 0, 1) }),
    ...(values.seed === undefined ? {} : { seed: numberOption('seed', values.seed, 1, 0, 2 ** 31) }),
    ...(durationMs === undefined ? {} : { durationMs }),
    settings: settingsFrom(pairs),
  };
  const status = await controlOf(line).addFault(request);
  result(line, status, () => `${status.id}: ${describe(status)}`);
  return 0;
}

/** Loaded when somebody needs to be told. */
async function knownFaults(): Promise<string> {
  const { HOST_FAULTS, LINK_FAULTS } = await import('@stormglass/faults');
  return [...ZONE_OUTAGES, ...LINK_FAULTS.keys(), ...HOST_FAULTS.keys()].join(', ');
}

/** `latencyMs=100 jitterMs=20` */
function settingsFrom(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map(pair => {
      const mark = pair.indexOf('=');
      if (mark < 1) throw new UsageError(`${pair}: settings look like latencyMs=100`);
      return [pair.slice(0, mark), pair.slice(mark + 1)];
    }),
  );
}

async function list(line: CommandLine): Promise<number> {
  const { faults } = await controlOf(line).status();
  result(line, faults, () =>
    faults.length === 0
      ? 'Nothing is broken.'
      : table(
          ['ID', 'FAULT', 'WHERE', 'SETTINGS', 'ENDS'],
          faults.map(f => [
            f.id,
            f.fault,
            where(f),
            settingsText(f),
            f.endsAt === undefined ? '-' : new Date(f.endsAt).toISOString(),
          ]),
        ),
  );
  return 0;
}

async function clear(line: CommandLine, ids: readonly string[]): Promise<number> {
  let cleared = 0;
  if (ids.length === 0) cleared = (await controlOf(line).clearFaults()).cleared;
  for (const id of ids) cleared += (await controlOf(line).clearFaults(id)).cleared;
  if (cleared < ids.length) throw new WorldError(`${cleared} of ${ids.length} cleared; see \`stormglass fault list\``);
  result(line, { cleared }, () => `${cleared} fault(s) cleared.`);
  return 0;
}

const where = (f: FaultStatus): string =>
  f.zone ?? f.region ?? (f.from === undefined ? 'region' : `${f.from} <-> ${f.to}`);
const settingsText = (f: FaultStatus): string => settingPairs(f.settings).join(' ') || '-';
/** As `fault add` takes them: `error.code=X` for what is below a setting. */
const settingPairs = (settings: object, above = ''): string[] =>
  Object.entries(settings).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? settingPairs(value, `${above}${name}.`)
      : [`${above}${name}=${String(value)}`],
  );
const describe = (f: FaultStatus): string => `${f.fault} ${where(f)} ${settingsText(f)}`;
