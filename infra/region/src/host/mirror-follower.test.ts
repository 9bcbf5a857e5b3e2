/**
 * Two regions of three zones in one process on virtual time: IAM at home, and its mirror in the other, while links, logs
 * and zones fail. In the calm after it every zone of the mirror has what home has.
 */
import { pick, type Random, randomInt, seededRandom, silentLogger, sleep } from '@stormglass/base';
import type { IamCommand } from '@stormglass/identity';
import { LogUnavailable, MemoryLog, Replica, type StateMachine } from '@stormglass/replicated-state';
import { SimClock } from '@stormglass/testing';
import { describe, expect, it } from 'vitest';
import type { MirrorSource } from './mirror-follower.ts';
import { openZoneIam, type ZoneIam } from './zone-iam.ts';

const HOME = 'us-east-1';
const ACCOUNT = '111111111111';
const SEED = Number(process.env.STORMGLASS_SEED ?? 1);
const SEEDS = Array.from({ length: 6 }, (_, i) => SEED + i);
const ZONES = [0, 1, 2];

class TwoRegions {
  readonly clock = new SimClock();
  readonly random: Random;
  readonly homeLog = new MemoryLog(this.clock, 'home');
  readonly mirrorLog = new MemoryLog(this.clock, 'mirror');
  readonly region: string;
  home: (ZoneIam | undefined)[] = [];
  mirrors: (ZoneIam | undefined)[] = [];
  /** Zones of the mirroring region that reach nobody at home. */
  readonly cutOff = new Set<number>();

  constructor(seed: number, region: string) {
    this.random = seededRandom(seed);
    this.region = region;
  }

  start(side: 'home' | 'mirrors', ordinal: number): Promise<void> {
    const log = side === 'home' ? this.homeLog : this.mirrorLog;
    const { clock, random } = this;
    const iam = openZoneIam(
      {
        partition: 'aws',
        region: side === 'home' ? HOME : this.region,
        mirrors: side === 'home' ? undefined : this.#source(ordinal),
        ...{ follows: true, isMirrored: side === 'home', ordinal, clock, random, logger: silentLogger },
      },
      <C, R, V>(machine: StateMachine<C, R, V>) =>
        new Replica({ machine, log: log.open(), clock, random, logger: silentLogger }),
    );
    this[side][ordinal] = iam;
    return iam.replica.start().then(() => iam.follow());
  }

  async stop(side: 'home' | 'mirrors', ordinal: number): Promise<void> {
    const iam = this[side][ordinal];
    this[side][ordinal] = undefined;
    await iam?.close();
    await iam?.replica.close();
  }

  /** Any zone of home, over a link that may be slow or cut. */
  #source(ordinal: number): MirrorSource {
    const { clock, random } = this;
    const reach = async () => {
      await sleep(clock, 1 + random.next() * 60);
      const home = pick(random, this.home)?.home;
      if (home === undefined || this.cutOff.has(ordinal)) throw new Error('nobody answers');
      return home;
    };
    const back = async <T>(answer: Promise<T> | T): Promise<T> => {
      const value = await answer;
      await sleep(clock, 1 + random.next() * 60);
      if (random.next() < 0.05) throw new Error('the answer is lost');
      return value;
    };
    return {
      region: HOME,
      feed: async request => back((await reach()).feed(this.region, request)),
      rows: async accountId => back((await reach()).rows(this.region, accountId)),
      confirm: async confirmation => back((await reach()).confirm(this.region, confirmation)),
    };
  }

  /** One write at home, by any zone that runs; it may fail. */
  async write(command: IamCommand): Promise<boolean> {
    const zone = pick(this.random, this.home);
    const deadline = this.clock.monotonic() + 2000;
    const result = await zone?.log.execute(command, { deadline }).catch(() => undefined);
    return result?.ok === true;
  }

  async storm(steps: number): Promise<void> {
    for (let step = 0; step < steps; step++) {
      await this.write(this.#command(step));
      const side = pick(this.random, ['home', 'mirrors'] as const);
      const ordinal = randomInt(this.random, ZONES.length);
      const chance = this.random.next();
      if (chance < 0.05) this.homeLog.stalled = !this.homeLog.stalled;
      else if (chance < 0.1) this.mirrorLog.stalled = !this.mirrorLog.stalled;
      else if (chance < 0.2) this.cutOff[this.cutOff.has(ordinal) ? 'delete' : 'add'](ordinal);
      else if (chance < 0.25) await this.stop(side, ordinal);
      else if (chance < 0.35 && this[side][ordinal] === undefined) await this.start(side, ordinal);
      await sleep(this.clock, this.random.next() * 300);
    }
  }

  async calm(): Promise<void> {
    this.homeLog.stalled = false;
    this.mirrorLog.stalled = false;
    this.cutOff.clear();
    for (const side of ['home', 'mirrors'] as const)
      for (const ordinal of ZONES) if (this[side][ordinal] === undefined) await this.start(side, ordinal);
  }

  #command(step: number): IamCommand {
    const changeId = `c${step}`;
    const user = { accountId: ACCOUNT, userName: `user-${step}`, userId: `AIDA${step}`, path: '/' };
    const region = { accountId: ACCOUNT, region: this.region, changeId };
    const chance = this.random.next();
    if (chance < 0.1) return { type: 'EnableRegion', ...region };
    if (chance < 0.15) return { type: 'DisableRegion', ...region };
    if (chance < 0.2) return { type: 'AddTokenKey', keyId: changeId, key: changeId, after: null };
    return { type: 'CreateUser', ...user };
  }

  async end(): Promise<void> {
    for (const side of ['home', 'mirrors'] as const) for (const ordinal of ZONES) await this.stop(side, ordinal);
  }
}

const users = ({ log }: ZoneIam): readonly string[] =>
  log.view.listUsers(ACCOUNT, { max: 1000 }).items.map(({ name }) => name);

/** Lets virtual time pass until the story has ended. */
async function play(clock: SimClock, story: Promise<void>): Promise<void> {
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  story.then(over, over);
  await clock.run(HOUR_MS, () => isOver);
  await story;
}

const HOUR_MS = 3_600_000;

/** Waits on virtual time. */
async function eventually(clock: SimClock, what: string, check: () => boolean): Promise<void> {
  const deadline = clock.monotonic() + 120_000;
  while (!check()) {
    if (clock.monotonic() > deadline) throw new Error(`still not: ${what}`);
    await sleep(clock, 50);
  }
}

describe.each(SEEDS)('seed %i', seed => {
  it.each(['ap-southeast-2', 'eu-south-1'])('%s has what home has after a storm', async region => {
    const regions = new TwoRegions(seed, region);
    const { clock } = regions;
    const story = async () => {
      for (const ordinal of ZONES) {
        await regions.start('home', ordinal);
        await regions.start('mirrors', ordinal);
      }
      await regions.storm(150);
      await regions.calm();
      const last: IamCommand = { type: 'CreateUser', accountId: ACCOUNT, userName: 'last', userId: 'AIDAL', path: '/' };
      while (!(await regions.write(last))) await sleep(clock, 100);
      const [home] = regions.home as ZoneIam[];
      const isOptIn = region === 'eu-south-1';
      const status = () => home!.log.view.regionOptIn(ACCOUNT, region)?.status;
      await eventually(clock, 'the account is settled', () => !isOptIn || [undefined, 'ENABLED'].includes(status()));
      // A write that was given up may still come.
      const expected = () => (isOptIn && status() === undefined ? [] : users(home!));
      for (const mirror of regions.mirrors as ZoneIam[]) {
        await eventually(clock, 'the mirror has it', () => users(mirror).join() === expected().join());
        expect(mirror.log.view.admits(ACCOUNT)).toBe(!isOptIn || status() === 'ENABLED');
        expect(mirror.log.view.tokenKeys()).toEqual(home!.log.view.tokenKeys());
        await eventually(clock, 'it knows', () => (mirror.health()?.lagMs ?? Number.POSITIVE_INFINITY) < 5000);
        await expect(mirror.log.execute(last, { deadline: 0 })).rejects.toMatchObject({
          code: 'ServiceUnavailable',
          message: expect.stringContaining(HOME),
        });
      }
      await regions.end();
    };
    await play(clock, story());
  });
});

it('brings in a large state part by part, and tells how long it has heard nothing', async () => {
  const regions = new TwoRegions(SEED, 'ap-southeast-2');
  const { clock } = regions;
  const document = JSON.stringify({
    Version: '2012-10-17',
    Statement: Array.from({ length: 20 }, (_, i) => ({ Effect: 'Allow', Action: `a:Operation${i}`, Resource: '*' })),
  });
  const story = async () => {
    for (const ordinal of ZONES) await regions.start('home', ordinal);
    const about = { accountId: ACCOUNT, path: '/' };
    for (let i = 0; i < 400; i++) {
      const entity = { kind: 'user', name: `user-${i}` } as const;
      await regions.write({ type: 'CreateUser', ...about, userName: entity.name, userId: `AIDA${i}` });
      await regions.write({ type: 'PutInlinePolicy', accountId: ACCOUNT, entity, policyName: 'p', document });
    }
    for (const ordinal of ZONES) {
      regions.cutOff.add(ordinal);
      await regions.start('mirrors', ordinal);
      await expect(regions.mirrors[ordinal]!.log.upToDate(clock.monotonic() + 100)).rejects.toThrow(LogUnavailable);
    }
    regions.cutOff.clear();
    for (const mirror of regions.mirrors as ZoneIam[]) {
      await eventually(clock, 'all users', () => users(mirror).length === 400);
      await eventually(clock, 'it knows', () => mirror.health()!.lagMs !== null);
      const lines = (iam: ZoneIam) => [...iam.replica.snapshot()!.records].slice(1).map(line => JSON.stringify(line));
      const home = new Set(lines(regions.home[0]!));
      expect(lines(mirror).filter(line => !home.has(line))).toEqual([expect.stringContaining('"table":"position"')]);
    }
    // One entry for each part, and one for each zone that thought it was first; a part is 128 KB.
    expect(regions.mirrorLog.last).toBeGreaterThan(4);
    for (const ordinal of ZONES) regions.cutOff.add(ordinal);
    await sleep(clock, 20_000);
    for (const mirror of regions.mirrors as ZoneIam[]) expect(mirror.health()!.lagMs).toBeGreaterThan(15_000);
    await regions.end();
  };
  await play(clock, story());
});
