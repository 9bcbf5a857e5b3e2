/**
 * Random commands against the state of Route 53: its invariants hold, refusals change nothing, snapshots go on as the
 * state does, and batches do what a naive model of them does.
 */
import { pick, type Random, randomInt, seededRandom } from '@stormglass/base';
import { describe, expect, it } from 'vitest';
import type { RecordSetChange, RecordSetInput, Route53Command } from './commands.ts';
import { isWithin } from './names.ts';
import { parseValue } from './record-values.ts';
import type { RecordSet } from './records.ts';
import { HostedZonesState } from './state.ts';
import type { SnapshotRecord } from './tables.ts';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const COMMANDS = 400;
const ACCOUNTS = ['111111111111', '222222222222'];
const NAMES = ['a.test', 'b.a.test'];
const HOSTS = [
  'a.test',
  'x.a.test',
  'X.a.test.',
  '*.a.test',
  'x.b.a.test',
  'b.a.test',
  'y.x.a.test',
  'other.test',
  '-..x',
];
const VALUES: Readonly<Record<string, readonly string[]>> = {
  A: ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2'],
  CNAME: ['x.a.test', 'c.test'],
  TXT: ['"one"', '"two"', '"three"', 'four'],
  NS: ['ns.test'],
};

function randomSet(random: Random, step: number): RecordSetInput {
  const type = pick(random, Object.keys(VALUES));
  const name = pick(random, HOSTS);
  const policy = randomInt(random, 8);
  const base = { name, type, ...(policy < 3 ? {} : { setIdentifier: pick(random, ['p', 'q']) }) };
  const health = random.next() < 0.2 ? { healthCheckId: `h${randomInt(random, 6)}` } : {};
  const routing: readonly Partial<RecordSetInput>[] = [
    {},
    {},
    {},
    { weight: randomInt(random, 3) },
    { region: pick(random, ['us-east-1', 'eu-west-1']) },
    { failover: pick(random, ['PRIMARY', 'SECONDARY'] as const) },
    { multiValue: true },
    { geo: pick(random, [{ country: '*' }, { continent: 'EU' }]) },
  ];
  const data =
    random.next() < 0.1
      ? { alias: { zoneId: `z${randomInt(random, step)}`, name: pick(random, HOSTS), evaluateTargetHealth: true } }
      : { ttl: pick(random, [60, 300]), values: [pick(random, VALUES[type]!)] };
  return { ...base, ...routing[policy], ...data, ...health };
}

function randomCommand(random: Random, step: number, state: HostedZonesState): Route53Command {
  const accountId = pick(random, ACCOUNTS);
  const zones = [...state.view.zonesById('')].filter(zone => zone.accountId === accountId || random.next() < 0.1);
  const zoneId = zones.length > 0 && random.next() < 0.95 ? pick(random, zones).id : 'none';
  const changeId = `c${step}`;
  // Ids are drawn by whoever makes something, and no two accounts draw the same.
  const healthCheckId = `h${randomInt(random, 3) * 2 + ACCOUNTS.indexOf(accountId)}`;
  const vpc = { id: `vpc-${randomInt(random, 3)}`, region: 'us-east-1' };
  const http = { type: 'TCP', ipAddress: '127.0.0.1', port: 9, inverted: false, disabled: false } as const;
  const calculated = { type: 'CALCULATED', healthThreshold: 1, inverted: false, disabled: false } as const;
  const batch = (): RecordSetChange[] =>
    Array.from({ length: 1 + randomInt(random, 3) }, () => ({
      action: pick(random, ['CREATE', 'UPSERT', 'UPSERT', 'DELETE'] as const),
      set: random.next() < 0.4 ? existing(random, state, zoneId) : randomSet(random, step),
    }));
  const make: readonly (() => Route53Command)[] = [
    () => ({
      ...{ type: 'CreateHostedZone', accountId, zoneId: `z${step}`, changeId, name: pick(random, NAMES) },
      ...{ callerReference: `r${randomInt(random, 6)}`, comment: '', nameServers: ['ns-1.test', 'ns-2.test'] },
      ...(random.next() < 0.3 ? { vpc } : {}),
    }),
    () => ({ type: 'UpdateHostedZoneComment', accountId, zoneId, comment: `${step}` }),
    () => ({ type: 'DeleteHostedZone', accountId, zoneId, changeId }),
    () => ({ type: 'AssociateVpc', accountId, zoneId, changeId, vpc }),
    () => ({ type: 'DisassociateVpc', accountId, zoneId, changeId, vpc }),
    () => ({ type: 'CreateHealthCheck', accountId, healthCheckId, callerReference: healthCheckId, config: http }),
    () => ({
      ...{ type: 'CreateHealthCheck', accountId, healthCheckId, callerReference: healthCheckId },
      config: { ...calculated, children: [`h${ACCOUNTS.indexOf(accountId)}`] },
    }),
    () => ({ type: 'UpdateHealthCheck', accountId, healthCheckId, config: { port: step }, reset: [] }),
    () => ({ type: 'DeleteHealthCheck', accountId, healthCheckId }),
    () => ({
      ...{ type: 'ChangeTags', accountId, resource: { kind: 'hostedzone', id: zoneId } },
      ...{ add: [{ key: `k${randomInt(random, 3)}`, value: 'v' }], remove: ['k0'] },
    }),
  ];
  return random.next() < 0.6
    ? { type: 'ChangeRecordSets', accountId, zoneId, changeId, changes: batch() }
    : pick(random, make)();
}

const existing = (random: Random, state: HostedZonesState, zoneId: string): RecordSetInput => {
  const sets = [...state.view.recordSets(zoneId)];
  return sets.length === 0 ? randomSet(random, 1) : pick(random, sets);
};

const apply = (state: HostedZonesState, step: number, command: Route53Command) =>
  state.apply({ seq: step, now: 1_700_000_000_000 + step }, command);
const drawn = (state: HostedZonesState): readonly SnapshotRecord[] => [...state.snapshot()];

describe.each(SEEDS)('seed %i', seed => {
  it('keeps its invariants, and does what a naive model does', () => {
    const random = seededRandom(seed);
    const state = new HostedZonesState();
    let before = drawn(state);
    let taken = 0;
    for (let step = 1; step <= COMMANDS; step++) {
      const command = freezeDeep(randomCommand(random, step, state));
      const result = apply(state, step, command);
      // Z7: whoever changes a frozen record throws, and a throw is not a refusal.
      const after = freezeDeep(drawn(state));
      if (!result.ok) expect(after, 'Z6').toEqual(before);
      else if (command.type === 'ChangeRecordSets') {
        taken++;
        expect(setsOf(after, command.zoneId)).toEqual(modelled(setsOf(before, command.zoneId), command.changes));
      }
      if (step % 10 === 0) checkInvariants(state, after);
      before = after;
    }
    // Batches that are never taken would prove nothing.
    expect(taken).toBeGreaterThan(10);
  });

  it('goes on from a snapshot as from the state itself', () => {
    const random = seededRandom(seed + 100);
    const [one, two] = [new HostedZonesState(), new HostedZonesState()];
    apply(two, 1, {
      type: 'CreateHealthCheck',
      accountId: 'x',
      healthCheckId: 'old',
      callerReference: 'o',
      config: {} as never,
    });
    let step = 0;
    while (step < COMMANDS / 2) apply(one, ++step, randomCommand(random, step, one));
    // Through JSON, as a snapshot travels.
    two.install(JSON.parse(JSON.stringify(drawn(one))) as unknown[]);
    expect(drawn(two)).toEqual(drawn(one));
    while (step < COMMANDS) {
      const command = randomCommand(random, ++step, one);
      expect(apply(two, step, command)).toEqual(apply(one, step, command));
    }
    expect(drawn(two)).toEqual(drawn(one));
    for (const account of ACCOUNTS) expect(two.view.usage(account)).toEqual(one.view.usage(account));
    for (const name of NAMES) expect(two.view.zonesAt(`${name}.`)).toEqual(one.view.zonesAt(`${name}.`));
  });
});

const keyOf = ({ name, type, setIdentifier = '' }: RecordSetInput) =>
  `${name.toLowerCase().replace(/\.$/, '').replace('*', '\\052')}. ${type} ${setIdentifier}`;
const dataOf = ({ ttl, values, alias, weight }: RecordSetInput) =>
  JSON.stringify([ttl, values, alias?.zoneId, alias?.evaluateTargetHealth, weight]);

const setsOf = (records: readonly SnapshotRecord[], zoneId: string): Record<string, string> =>
  Object.fromEntries(
    records.flatMap(line =>
      line.table === 'record-set' && line.record.zoneId === zoneId
        ? [[keyOf(line.record.set), dataOf(line.record.set)]]
        : [],
    ),
  );

/** What a batch that is taken makes of the record sets of a zone. */
function modelled(before: Record<string, string>, changes: readonly RecordSetChange[]): Record<string, string> {
  const after = { ...before };
  for (const { action, set } of changes) {
    const key = keyOf(set);
    if (action === 'CREATE') expect(after).not.toHaveProperty([key]);
    if (action === 'DELETE') {
      expect(after[key]).toBe(dataOf(set));
      delete after[key];
    } else after[key] = dataOf(set);
  }
  return after;
}

function checkInvariants(state: HostedZonesState, records: readonly SnapshotRecord[]): void {
  const zones = records.flatMap(line => (line.table === 'zone' ? [line.record] : []));
  const stored = records.flatMap(line => (line.table === 'record-set' ? [line.record] : []));
  const checks = records.flatMap(line => (line.table === 'health-check' ? [line.record] : []));
  const ids = new Set(checks.map(({ id }) => id));
  for (const zone of zones) {
    const sets = stored.filter(({ zoneId }) => zoneId === zone.id).map(({ set }) => set);
    expect(sets.length, 'Z1').toBe(zone.recordSetCount);
    for (const type of ['SOA', 'NS'])
      expect(sets.filter(set => set.type === type && set.name === zone.name).length, 'Z1').toBe(1);
    for (const set of sets) checkRecordSet(set, zone.name, sets);
    expect(state.view.zonesAt(zone.name), 'indices').toContainEqual(zone);
  }
  for (const { zoneId, set } of stored) {
    expect(
      zones.map(({ id }) => id),
      'Z2',
    ).toContain(zoneId);
    if (set.healthCheckId !== undefined) expect(ids, 'Z5').toContain(set.healthCheckId);
  }
  for (const { config } of checks) for (const child of config.children ?? []) expect(ids, 'Z5').toContain(child);
  for (const accountId of ACCOUNTS) {
    const own = (each: { readonly accountId: string }) => each.accountId === accountId;
    expect(state.view.usage(accountId)).toEqual({ zones: zones.filter(own).length, checks: checks.filter(own).length });
    expect([...state.view.zonesByName(accountId)].length).toBe(zones.filter(own).length);
  }
}

const policy = ({ weight, region, failover, multiValue, geo }: RecordSet) =>
  [weight, region, failover, multiValue, geo].findIndex(member => member !== undefined);

function checkRecordSet(set: RecordSet, apex: string, all: readonly RecordSet[]): void {
  expect(isWithin(set.name, apex), 'Z2').toBe(true);
  for (const value of set.values ?? []) parseValue(set.type, value);
  const here = all.filter(({ name }) => name === set.name);
  if (set.type === 'CNAME') {
    expect(set.name, 'Z3').not.toBe(apex);
    expect(
      here.every(({ type }) => type === 'CNAME'),
      'Z3',
    ).toBe(true);
  }
  const group = here.filter(({ type }) => type === set.type);
  expect(new Set(group.map(policy)).size, 'Z4').toBe(1);
  if (policy(set) < 0) expect(group.length, 'Z4').toBe(1);
}

function freezeDeep<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) freezeDeep(member);
  }
  return value;
}
