/** `status`, `zones`, `doctor`: what the region looks like. */
import type { RegionStatus } from '@stormglass/contracts';
import { result, table } from '../output.ts';
import { controlOf } from '../region-control.ts';
import { regionsOf } from '../regions-of.ts';
import type { CommandLine } from '../settings.ts';

export async function status(line: CommandLine): Promise<number> {
  const region = await controlOf(line).status();
  result(line, region, () => {
    const parts = regionsOf(region).map(each => {
      const { region: name, endpoint, engine, ready } = each;
      const head = `${name}  ${endpoint}  engine ${engine}  ${ready ? 'ready' : 'starting'}  pid ${region.pid}`;
      return [head, '', zoneTable(each), ...mirrorLines(each), ...startErrors(each)].join('\n');
    });
    return [parts.join('\n\n'), ...faultLines(region)].join('\n');
  });
  return 0;
}

export async function zones(line: CommandLine): Promise<number> {
  const region = await controlOf(line).status();
  const regions = regionsOf(region);
  const text = () =>
    regions.length === 1 ? zoneTable(region) : regions.map(each => `${each.region}\n\n${zoneTable(each)}`).join('\n\n');
  result(
    line,
    regions.flatMap(each => each.zones),
    text,
  );
  return 0;
}

/** Exits with 1 when something is wrong. */
export async function doctor(line: CommandLine): Promise<number> {
  const report = await controlOf(line).doctor();
  const marks = { ok: 'ok     ', warning: 'warning', problem: 'PROBLEM' };
  result(line, report, () => report.findings.map(({ level, text }) => `${marks[level]}  ${text}`).join('\n'));
  return report.findings.some(f => f.level === 'problem') ? 1 : 0;
}

export function zoneTable(region: Pick<RegionStatus, 'zones'>): string {
  const rows = region.zones.map(z => [
    z.id,
    z.name,
    z.condition,
    healthOf(z),
    z.log ?? '-',
    z.outages.join(',') || '-',
    String(z.connections),
    z.pid === undefined ? '-' : String(z.pid),
    z.endpoint,
    z.dns,
    z.address ?? '-',
  ]);
  return table(
    ['ZONE', 'NAME', 'PROCESS', 'HEALTH', 'LOG', 'OUTAGE', 'CONNECTIONS', 'PID', 'ENDPOINT', 'DNS', 'ADDRESS'],
    rows,
  );
}

function healthOf({ healthy, disk = 'ok' }: RegionStatus['zones'][number]): string {
  if (!healthy) return 'unhealthy';
  return disk === 'ok' ? 'healthy' : `disk ${disk}`;
}

/** How far the copies of another region's IAM are behind, where there are any. */
function mirrorLines({ zones }: Pick<RegionStatus, 'zones'>): string[] {
  const mirrors = zones.flatMap(({ id, identity }) => (identity === undefined ? [] : [{ id, ...identity }]));
  if (mirrors.length === 0) return [];
  const told = mirrors.map(({ id, lagMs, position }) =>
    lagMs === null ? `${id} has heard nothing yet` : `${id} at ${position}, current ${(lagMs / 1000).toFixed(1)} s ago`,
  );
  return ['', `IAM mirrors ${mirrors[0]!.source}: ${told.join('; ')}`];
}

const startErrors = ({ zones }: Pick<RegionStatus, 'zones'>): string[] =>
  zones.flatMap(({ id, startError }) => (startError === undefined ? [] : ['', `${id} cannot start: ${startError}`]));

const faultLines = (region: RegionStatus): string[] =>
  region.faults.length === 0 ? [] : ['', `${region.faults.length} fault(s) in force: \`stormglass fault list\``];
