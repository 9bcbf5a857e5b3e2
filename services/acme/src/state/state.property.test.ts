/** Random commands against the ACME state: its invariants, and that a snapshot carries everything. */
import { pick, type Random, randomInt, seededRandom } from '@stormglass/base';
import { describe, expect, it } from 'vitest';
import type { AcmeCommand } from './commands.ts';
import { ORDER_REMEMBERED_MS } from './limits.ts';
import type { SnapshotRecord } from './records.ts';
import { AcmeState } from './state.ts';

const COMMANDS = 500;
// The same every time; CI adds a fresh one. It is part of the test's name, so a failure can be repeated.
const SEED = Number(process.env.STORMGLASS_SEED ?? 1);
const SEEDS = Array.from({ length: 12 }, (_, i) => SEED + i);
const BEGAN = 1_700_000_000_000;

/** Log time: some steps are short, some take days, so that things expire and are forgotten. */
function* times(random: Random): Generator<number> {
  for (let now = BEGAN; ; ) {
    now += random.next() < 0.9 ? randomInt(random, 60_000) : randomInt(random, ORDER_REMEMBERED_MS / 20);
    yield now;
  }
}

function randomCommand(random: Random, now: number, step: number, orders: string[]): AcmeCommand {
  const accountId = `a${randomInt(random, 6)}`;
  const thumbprint = `t${randomInt(random, 8)}`;
  // Few orders at a time, so that some of them come to their end.
  const orderId = orders.at(-1 - randomInt(random, 3)) ?? 'none';
  const authorizationId = `${orderId}/${randomInt(random, 2)}`;
  const challenge = pick(random, ['http-01', 'dns-01'] as const);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: thumbprint };
  const problem = { type: 'dns', detail: 'lost' };
  const identifiers = Array.from({ length: 1 + randomInt(random, 2) }, (_, i) => ({
    type: 'dns' as const,
    value: pick(random, [`*.n${i}.example`, `n${i}.example`]),
  }));
  const authorizations = identifiers.map((_, i) => ({
    id: `o${step}/${i}`,
    challenges: (['http-01', 'dns-01'] as const).map(type => ({ type, token: `${step}` })),
  }));
  const make: readonly (() => AcmeCommand)[] = [
    () => ({ type: 'AddNonceKey', key: `k${step}` }),
    () => ({ type: 'UseNonce', nonce: `n${randomInt(random, 40)}`, madeAt: now - randomInt(random, 4_000_000) }),
    () => ({ type: 'CreateAccount', accountId, thumbprint, jwk, contact: [] }),
    () => ({ type: 'UpdateAccount', accountId, contact: ['mailto:x@y.example'], deactivate: random.next() < 0.05 }),
    () => ({ type: 'ChangeKey', accountId, oldThumbprint: `t${randomInt(random, 8)}`, thumbprint, jwk }),
    () => ({ type: 'CreateOrder', orderId: `o${step}`, accountId, identifiers, authorizations }),
    ...(random.next() < 0.3 ? [() => ({ type: 'DeactivateAuthorization', authorizationId }) as const] : []),
    ...Array(5).fill(() => ({ type: 'StartChallenge', authorizationId, challenge })),
    ...Array(5).fill(() => ({ type: 'FinishChallenge', authorizationId, challenge })),
    () => ({ type: 'FinishChallenge', authorizationId, challenge, problem }),
    ...Array(4).fill(() => ({ type: 'FinalizeOrder', orderId, csr: `csr ${randomInt(random, 2)}` })),
    ...Array(3).fill(() => ({ type: 'CompleteOrder', orderId, serial: `${step}`, certificates: 'pem' })),
    () => ({ type: 'FailOrder', orderId, problem }),
  ];
  const command = pick(random, make)();
  if (command.type === 'CreateOrder') orders.push(command.orderId);
  return command;
}

const drawn = (state: AcmeState): readonly SnapshotRecord[] => [...state.snapshot()];
type RecordOf<Table> = Extract<SnapshotRecord, { readonly table: Table }>['record'];
const rows = <Table extends SnapshotRecord['table']>(records: readonly SnapshotRecord[], table: Table) =>
  records.flatMap(line => (line.table === table ? [line.record as RecordOf<Table>] : []));

const seen = new Set<string>();

describe.each(SEEDS)('seed %i', seed => {
  it('keeps its invariants', () => {
    const random = seededRandom(seed);
    const clock = times(random);
    const orders: string[] = [];
    const state = new AcmeState();
    const nonces = new Map<string, number>();
    const certificates = new Map<string, string>();
    for (let step = 1; step <= COMMANDS; step++) {
      const now = clock.next().value as number;
      // Only time passes, so that what is left to see is the command's own doing.
      state.apply({ seq: step * 2, now }, { type: 'FailOrder', orderId: 'none', problem: { type: '', detail: '' } });
      const before = freezeDeep(drawn(state));
      const command = freezeDeep(randomCommand(random, now, step, orders));
      const result = state.apply({ seq: step * 2 + 1, now }, command);
      expect(JSON.parse(JSON.stringify(result))).toEqual(result);
      // I7: whoever changes a frozen record throws.
      const after = freezeDeep(drawn(state));
      if (!result.ok) expect(after, 'I6').toEqual(before);
      if (command.type === 'UseNonce' && result.ok) {
        expect(nonces.get(command.nonce) === command.madeAt, 'I4').toBe(false);
        nonces.set(command.nonce, command.madeAt);
      }
      checkInvariants(state, after, certificates);
      for (const order of rows(after, 'order')) seen.add(order.status);
    }
  });

  it('goes on from a snapshot as from the state itself', () => {
    const random = seededRandom(seed);
    const clock = times(random);
    const orders: string[] = [];
    const [a, b] = [new AcmeState(), new AcmeState()];
    b.apply({ seq: 1, now: BEGAN }, { type: 'CreateAccount', accountId: 'x', thumbprint: 'x', jwk: {}, contact: [] });
    const half = 1 + randomInt(random, COMMANDS);
    const later: (() => void)[] = [];
    let records: readonly SnapshotRecord[] = [];
    for (let step = 1; step <= COMMANDS; step++) {
      const now = clock.next().value as number;
      const command = randomCommand(random, now, step, orders);
      a.apply({ seq: step, now }, command);
      if (step === half) records = drawn(a);
      if (step > half) later.push(() => void b.apply({ seq: step, now }, command));
    }
    // Through JSON, as a snapshot travels.
    b.install(JSON.parse(JSON.stringify(records)) as unknown[]);
    for (const apply of later) apply();
    expect(drawn(b)).toEqual(drawn(a));
    const open = ({ view }: AcmeState) => [...view.issuing, ...view.validating].sort();
    expect(open(b)).toEqual(open(a));
  });
});

describe('all seeds together', () => {
  it('bring orders to every status', () => {
    expect([...seen].sort()).toEqual(['invalid', 'pending', 'processing', 'ready', 'valid']);
  });
});

function checkInvariants(
  state: AcmeState,
  records: readonly SnapshotRecord[],
  certificates: Map<string, string>,
): void {
  const accounts = rows(records, 'account');
  expect(new Set(accounts.map(({ thumbprint }) => thumbprint)).size, 'I1').toBe(accounts.length);
  for (const { id, thumbprint } of accounts) expect(state.view.accountOfKey(thumbprint)?.id, 'I1').toBe(id);

  const orders = rows(records, 'order');
  const listed = orders.flatMap(order => order.authorizationIds.map(id => [id, order.id, order.accountId]));
  const own = rows(records, 'authorization').map(({ id, orderId, accountId }) => [id, orderId, accountId]);
  expect(own.sort(), 'I2').toEqual(listed.sort());

  for (const order of orders) {
    const statuses = order.authorizationIds.map(id => state.view.authorization(id)?.status);
    const areValid = statuses.every(status => status === 'valid');
    if (order.status === 'ready') expect(areValid, 'I3').toBe(true);
    const known = certificates.get(order.id);
    if (order.status === 'valid') certificates.set(order.id, order.serial);
    if (known !== undefined) expect(order, 'I5').toMatchObject({ status: 'valid', serial: known });
    expect(state.view.ordersOf(order.accountId)).toContain(order.id);
    expect(state.view.issuing.includes(order.id)).toBe(order.status === 'processing');
  }
}

function freezeDeep<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) freezeDeep(member);
  }
  return value;
}
