/**
 * Random commands at home, brought to a region everybody uses and to one that accounts opt in to, by followers that
 * repeat, reorder and lose things, with crashes in between: the mirrors end with home's rows, no more and no fewer.
 */
import { pick, type Random, randomInt, seededRandom, systemClock } from '@stormglass/base';
import { readSnapshot, type Seq, type Snapshot, writeSnapshot } from '@stormglass/replicated-state';
import { describe, expect, it } from 'vitest';
import type { EntityRef, IamCommand } from './commands.ts';
import { IamMirror } from './mirror.ts';
import type { MirrorCommand } from './mirror-commands.ts';
import { MirrorFeed } from './mirror-feed.ts';
import { MirrorHome } from './mirror-home.ts';
import { accountOf } from './mirror-scope.ts';
import { IamState } from './state.ts';
import type { SnapshotRecord } from './tables.ts';

const ACCOUNTS = ['111111111111', '222222222222', '333333333333'];
const OPT_IN = 'eu-south-1';
const SEED = Number(process.env.STORMGLASS_SEED ?? 1);
const SEEDS = Array.from({ length: 8 }, (_, i) => SEED + i);
const STEPS = 400;
const ALLOW = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}';

function randomCommand(random: Random, step: number): IamCommand {
  const accountId = pick(random, ACCOUNTS);
  const name = pick(random, ['a', 'b', 'c']);
  const entity: EntityRef = { kind: pick(random, ['user', 'role'] as const), name };
  const user = { accountId, userName: name };
  const role = { accountId, roleName: name };
  const policyArn = `arn:aws:iam::${accountId}:policy/p`;
  const changeId = `c${step}`;
  // Trust may name somebody in another account, whom a region need not hold.
  const trusted = `arn:aws:iam::${pick(random, ACCOUNTS)}:user/${name}`;
  const trustPolicy = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"${trusted}"},"Action":"sts:AssumeRole"}}`;
  const make: readonly (() => IamCommand)[] = [
    () => ({ type: 'CreateUser', ...user, userId: `AIDA${step}`, path: '/' }),
    () => ({ type: 'UpdateUser', ...user, newUserName: pick(random, ['a', 'b', 'c']) }),
    () => ({ type: 'DeleteUser', ...user }),
    () => ({ type: 'CreateAccessKey', ...user, accessKeyId: `AKIA${step}`, secretAccessKey: `s${step}` }),
    () => ({ type: 'CreateRole', ...role, roleId: `AROA${step}`, path: '/', trustPolicy }),
    () => ({ type: 'DeleteRole', ...role }),
    () => ({ type: 'PutInlinePolicy', accountId, entity, policyName: 'i', document: ALLOW }),
    () => ({ type: 'DeleteInlinePolicy', accountId, entity, policyName: 'i' }),
    () => ({ type: 'CreatePolicy', accountId, policyName: 'p', policyId: `ANPA${step}`, path: '/', document: ALLOW }),
    () => ({ type: 'DeletePolicy', accountId, policyArn }),
    () => ({ type: 'AttachPolicy', accountId, entity, policyArn }),
    () => ({ type: 'DetachPolicy', accountId, entity, policyArn }),
    () => ({ type: 'AddTokenKey', keyId: `k${step}`, key: `${step}`, after: null }),
    () => ({ type: 'SetTokenVersion', accountId, version: pick(random, [1, 2] as const) }),
    () => ({ type: 'EnableRegion', accountId, region: OPT_IN, changeId }),
    () => ({ type: 'DisableRegion', accountId, region: OPT_IN, changeId }),
  ];
  return pick(random, make)();
}

/** A home region of one zone whose feed forgets quickly. */
class Home {
  readonly #clock = systemClock;
  readonly #feed = new MirrorFeed({ entries: 25, chars: 1_000_000 });
  readonly machine = new IamState({ partition: 'aws', feed: this.#feed });
  applied: Seq = 0;
  logId = 'log';
  readonly #replica = (() => {
    const home = this;
    return {
      get applied() {
        return home.applied;
      },
      get logId() {
        return home.logId;
      },
      health: () => ({ state: 'ok' }) as const,
      upToDate: async () => {},
      execute: async (command: IamCommand) => home.run(command),
    };
  })();
  readonly mirrors = new MirrorHome({
    feed: this.#feed,
    machine: this.machine,
    replica: this.#replica,
    clock: this.#clock,
  });

  /** What an account had after each command. */
  readonly history: ReadonlyMap<string, readonly SnapshotRecord[]>[] = [new Map()];

  run(command: IamCommand) {
    const result = this.machine.apply({ seq: ++this.applied, now: 1_700_000_000_000 + this.applied }, command);
    this.history.push(Map.groupBy(rowsOf(this.machine), line => accountOf(line) ?? ''));
    return result;
  }
}

/** A mirror, and everything that any of its followers ever brought. */
class Mirror {
  readonly region: string;
  readonly #home: Home;
  readonly #random: Random;
  readonly #brought: MirrorCommand[] = [];
  readonly #fetched = new Map<string | null, Snapshot>();
  state: IamMirror;
  #seq = 0;
  #installs = 0;

  constructor(region: string, home: Home, random: Random) {
    this.region = region;
    this.#home = home;
    this.#random = random;
    this.state = new IamMirror({ partition: 'aws', region });
  }

  /** One step of some follower: brings something new, or something again, or has the mirror start from a snapshot. */
  async step(): Promise<void> {
    const chance = this.#random.next();
    if (chance < 0.4 && this.#brought.length > 0) this.#bring(pick(this.#random, this.#brought.slice(-6)));
    else if (chance < 0.45) this.#restart();
    else if (chance < 0.8) await this.advance(0.4);
  }

  /** One follower's turn; what it brings is, so often, a long time on its way. */
  async advance(slow = 0): Promise<void> {
    const { position } = this.state;
    const answer =
      position === undefined
        ? ({ kind: 'behind' } as const)
        : await this.#home.mirrors.feed(this.region, { logId: position.logId, after: position.seq, waitMs: 0 });
    if (answer.kind === 'behind') await this.#install(null);
    else this.#bring({ type: 'MirrorEntries', after: position!.seq, ...answer }, this.#random.next() < slow);
    for (const accountId of this.state.missing()) await this.#install(accountId);
    for (const { accountId, changeId } of this.state.done())
      await this.#home.mirrors.confirm(this.region, { accountId, changeId });
  }

  async #install(accountId: string | null): Promise<void> {
    const newest = travelled(await this.#home.mirrors.rows(this.region, accountId ?? undefined));
    // A zone of the home region may be behind the others.
    const before = this.#fetched.get(accountId);
    const snapshot = before !== undefined && this.#random.next() < 0.2 ? before : newest;
    this.#fetched.set(accountId, newest);
    const { logId, seq: at } = snapshot.header;
    const records = [...snapshot.records] as SnapshotRecord[];
    const installId = `i${++this.#installs}`;
    const parts = 1 + randomInt(this.#random, 3);
    const size = Math.ceil(records.length / parts) || 1;
    for (let index = 0; index < parts; index++) {
      // A follower may die on the way.
      if (this.#random.next() < 0.1) return;
      const part = records.slice(index * size, (index + 1) * size);
      const isLast = index === parts - 1;
      this.#bring({ type: 'InstallPart', installId, logId, at, accountId, index, isLast, records: part });
    }
  }

  #bring(command: MirrorCommand, isSlow = false): void {
    this.#brought.push(command);
    if (isSlow) return;
    // Each comes ten seconds of log time after the other, so that an installation left alone does not bar the next.
    this.#seq++;
    const travels = JSON.parse(JSON.stringify(command)) as MirrorCommand;
    this.state.apply({ seq: this.#seq, now: this.#seq * 10_000 }, travels);
  }

  /** What is here of an account is what it had at one moment, never a mixture. */
  check(): void {
    const { position } = this.state;
    const held = [...this.state.snapshot()].flatMap(line => (line.table === 'held' ? [line.record] : []));
    const here = Map.groupBy(rowsOf(this.state), line => accountOf(line) ?? '');
    for (const { accountId, since } of held) {
      const at = Math.max(position!.seq, since);
      expect(here.get(accountId), `${accountId} as of ${at}`).toEqual(this.#home.history[at]!.get(accountId));
    }
    const others = [...here.keys()].filter(account => account !== '' && !held.some(h => h.accountId === account));
    expect(others).toEqual([]);
  }

  #restart(): void {
    const records = JSON.parse(JSON.stringify([...this.state.snapshot()])) as unknown[];
    this.state = new IamMirror({ partition: 'aws', region: this.region });
    this.state.install(records);
  }
}

const travelled = (snapshot: Snapshot): Snapshot => readSnapshot([...writeSnapshot(snapshot)].join(''));

const OWN: readonly string[] = ['position', 'held', 'staged'];
const rowsOf = (machine: IamMirror | IamState) =>
  [...machine.snapshot()].filter(line => !OWN.includes(line.table)) as SnapshotRecord[];

describe.each(SEEDS)('seed %i', seed => {
  it('mirrors end with the rows of home', async () => {
    const random = seededRandom(seed);
    const home = new Home();
    const everywhere = new Mirror('eu-west-1', home, random);
    const optIn = new Mirror(OPT_IN, home, random);
    for (let step = 1; step <= STEPS; step++) {
      home.run(randomCommand(random, step));
      await everywhere.step();
      await optIn.step();
      optIn.check();
      if (everywhere.state.position?.seq === home.applied)
        expect(rowsOf(everywhere.state)).toEqual(rowsOf(home.machine));
    }
    for (let turn = 0; turn < 60; turn++) {
      await everywhere.advance();
      await optIn.advance();
    }
    expect(rowsOf(everywhere.state)).toEqual(rowsOf(home.machine));
    const isThere = (account: string) => home.machine.view.regionOptIn(account, OPT_IN) !== undefined;
    const shown = rowsOf(home.machine).filter(line => isThere(accountOf(line) ?? '') || accountOf(line) === undefined);
    expect(rowsOf(optIn.state)).toEqual(shown);
    for (const account of ACCOUNTS) {
      expect(['ENABLED', undefined]).toContain(home.machine.view.regionOptIn(account, OPT_IN)?.status);
      expect(optIn.state.view.admits(account)).toBe(isThere(account));
      expect(everywhere.state.view.usage(account)).toEqual(home.machine.view.usage(account));
      if (isThere(account)) expect(optIn.state.view.usage(account)).toEqual(home.machine.view.usage(account));
    }
  });
});
