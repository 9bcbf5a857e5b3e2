/** Looks at a region and says what is wrong with it, in words: zones, faults, copies, and whether the copies agree. */
import { type Clock, sleep } from '@stormglass/base';
import type { DoctorReport, ObjectsReport, RegionStatus, ReplicaReport } from '@stormglass/contracts';
import { HOST_FAULTS } from '@stormglass/faults';
import type { SequencerStatus } from '@stormglass/replicated-state';

type Finding = DoctorReport['findings'][number];
type Logs = Readonly<Record<string, SequencerStatus>>;

/** Longer than a copy that is well needs for what is on its way to it. */
const SETTLE_MS = 1000;
const POLL_MS = 10;

/**
 * The logs as they stood when they were first looked at, and the copies once they had time for what was committed then:
 * under traffic the newest entry is always on its way to some zone, which is no finding.
 */
export async function settledLogs(look: () => Logs | undefined, clock: Clock): Promise<Logs | undefined> {
  const first = look();
  if (first === undefined) return undefined;
  const deadline = clock.monotonic() + SETTLE_MS;
  for (;;) {
    const now = look() ?? {};
    const logs = Object.entries(first).map(
      ([name, { commit }]) => [name, { ...(now[name] ?? first[name]!), commit }] as const,
    );
    const isSettled = logs.every(([, { zones, commit }]) => Object.values(zones).every(last => last >= commit));
    if (isSettled || clock.monotonic() >= deadline) return Object.fromEntries(logs);
    await sleep(clock, POLL_MS);
  }
}

/** Pure: the same status gives the same report. */
export function examine(
  status: Pick<RegionStatus, 'zones' | 'faults'>,
  replicas: readonly ReplicaReport[],
  logs: Logs | undefined,
  objects: readonly ObjectsReport[] = [],
): DoctorReport {
  const findings = [
    ...status.zones.map(zoneFinding),
    ...status.zones.flatMap(certificateFindings),
    ...status.faults.filter(f => f.zone === undefined || HOST_FAULTS.has(f.fault)).map(faultFinding),
    ...Object.entries(logs ?? {}).map(([name, log]) => copiesFinding(name, log, status.zones.length)),
    ...agreement(replicas),
    ...objectFindings(objects),
  ];
  return { findings, replicas };
}

function zoneFinding(zone: RegionStatus['zones'][number]): Finding {
  if (zone.outages.length > 0) return { level: 'warning', text: `${zone.id}: taken away (${zone.outages.join(', ')})` };
  if (!zone.healthy && zone.startError !== undefined)
    return { level: 'problem', text: `${zone.id}: its host cannot start: ${zone.startError}` };
  if (!zone.healthy) return { level: 'problem', text: `${zone.id}: ${zone.condition}, does not answer` };
  if ((zone.disk ?? 'ok') !== 'ok')
    return { level: 'problem', text: `${zone.id}: answers, but its disk takes no writes (${zone.disk})` };
  if (zone.log === 'no-quorum')
    return { level: 'problem', text: `${zone.id}: answers, but its log has no quorum; writes are refused` };
  return { level: 'ok', text: `${zone.id}: healthy` };
}

function certificateFindings({ id, certificates }: RegionStatus['zones'][number]): Finding[] {
  return Object.entries(certificates ?? {}).flatMap(([name, { state, notAfter }]): Finding[] => {
    const end = notAfter === undefined ? '' : `, ends ${new Date(notAfter).toISOString()}`;
    if (state === 'ok') return [];
    return [{ level: state === 'overdue' ? 'warning' : 'problem', text: `${id}: ${name} certificate ${state}${end}` }];
  });
}

const faultFinding = (fault: RegionStatus['faults'][number]): Finding => ({
  level: 'warning',
  text: `${fault.fault}${placesOf(fault)} (${fault.id})`,
});

function placesOf({ zone, region, from, to }: RegionStatus['faults'][number]): string {
  if (zone !== undefined) return ` in ${zone}`;
  if (region !== undefined) return ` in ${region}`;
  return from === undefined ? '' : ` between ${from} and ${to}`;
}

function copiesFinding(name: string, log: SequencerStatus, zoneCount: number): Finding {
  const current = Object.values(log.zones).filter(last => last >= log.commit).length;
  const text = `log ${name}: ${log.commit} entries, ${current} of ${zoneCount} copies current`;
  return { level: current === zoneCount ? 'ok' : current > 1 ? 'warning' : 'problem', text };
}

/** Replicas at the same position must have the same hash, or one of them has diverged. */
function agreement(replicas: readonly ReplicaReport[]): Finding[] {
  const byPosition = new Map<string, ReplicaReport[]>();
  for (const replica of replicas) {
    const key = `${replica.log}@${replica.applied}`;
    byPosition.set(key, [...(byPosition.get(key) ?? []), replica]);
  }
  return [...byPosition].flatMap(([key, group]): Finding[] => {
    const zones = [...new Set(group.map(r => r.zone))].join(', ');
    if (new Set(group.map(r => r.hash)).size > 1)
      return [{ level: 'problem', text: `${key}: the replicas of ${zones} differ` }];
    return group.length > 1 ? [{ level: 'ok', text: `${key}: the replicas of ${zones} agree` }] : [];
  });
}

/** What is stored of S3's objects: a line for the zones that have all they should, and one for each that has not. */
function objectFindings(reports: readonly ObjectsReport[]): Finding[] {
  const blobs = Math.max(0, ...reports.map(({ wanted }) => wanted));
  const lines = reports.flatMap(({ zone, wanted, missing, damaged }): Finding[] => {
    const lacks = [missing > 0 ? `${missing} missing` : '', damaged > 0 ? `${damaged} damaged` : ''].filter(Boolean);
    if (lacks.length === 0) return [];
    return [{ level: 'warning', text: `objects: of ${wanted} blobs ${lacks.join(', ')} in ${zone}` }];
  });
  const whole = reports.filter(({ missing, damaged }) => missing + damaged === 0).map(({ zone }) => zone);
  if (blobs === 0 || whole.length === 0) return lines;
  return [{ level: 'ok', text: `objects: ${blobs} blobs, all whole in ${whole.join(', ')}` }, ...lines];
}
