/** Chaos scenarios on processes: a few short ones; `npm run chaos` runs any, as long as wanted. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateUserCommand } from '@aws-sdk/client-iam';
import { systemClock } from '@stormglass/base';
import { startRegion, type TestRegion } from '@stormglass/test-region';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { reportedRun } from './chaos/reported-run.ts';
import type { Scenario } from './chaos/scenario.ts';
import { scenarioNamed } from './chaos/scenarios.ts';
import { regionTarget } from './chaos/targets/region-target.ts';
import { itemBank } from './chaos/workloads/item-bank.ts';
import { orRefusal, placeOf } from './chaos/workloads/item-tables.ts';
import { objects } from './chaos/workloads/objects.ts';
import { roleRegisters } from './chaos/workloads/registers.ts';
import { users } from './chaos/workloads/users.ts';
import type { Workload } from './chaos/workloads/workload.ts';

const DURATION_MS = 8000;
const LIE_MS = 4000;

let region: TestRegion;
let accounts = 300_000_000_000;
beforeAll(async () => {
  region = await startRegion();
});
afterEach(async () => {
  await region.clearFaults();
  await region.waitReady();
});
afterAll(() => region?.stop());

const run = (scenario: Scenario, durationMs: number, workloads?: readonly Workload[]) =>
  reportedRun({
    ...{ scenario, region, target: regionTarget(region, 'embedded'), clock: systemClock, durationMs },
    ...{ seed: Number(process.env.STORMGLASS_SEED ?? 1), account: String(++accounts) },
    ...(workloads === undefined ? {} : { workloads }),
  });

it.each(['power-off', 'cut-off', 'slow-lossy-links', 'control-plane-outage', 'everything-off'])(
  '%s: keeps every promise',
  async name => {
    const { report, entries, path } = await run(scenarioNamed(name), DURATION_MS);
    expect(
      report.findings.filter(({ verdict }) => verdict !== 'valid'),
      path,
    ).toEqual([]);
    expect(report.verdict).toBe('valid');
    expect(entries.filter(({ type }) => type === 'fault').length).toBeGreaterThan(1);
    for (const file of ['history.jsonl', 'report.md', 'report.json', 'plot.svg']) {
      expect(existsSync(join(path, file)), file).toBe(true);
    }
  },
);

/** Says of every third user that it was created, and does not create it. */
const forgetsUsers: Workload = {
  ...users,
  name: 'forgets-users',
  begin: process => {
    const step = users.begin(process);
    const { name, history } = process;
    let count = 0;
    return async () => {
      if (++count % 3 > 0) return step();
      const key = `${name}-lie-${count}`;
      await history.operate({ process: name, action: 'create', key }, async () => ({ value: 'AIDALIE' }));
    };
  },
};

/** Creates behind the back of the history. */
const createsMore: Workload = {
  ...users,
  name: 'creates-more',
  begin: process => {
    const step = users.begin(process);
    let count = 0;
    return async () => {
      await step();
      const UserName = `${process.name}-more-${++count}`;
      await process.clients.ask(() => process.clients.iam.send(new CreateUserCommand({ UserName })));
    };
  },
};

/** Answers every fourth read with what was there before. */
const remembersOldValues: Workload = {
  ...roleRegisters,
  name: 'gives-old-values',
  begin: process => {
    const { history } = process;
    const step = roleRegisters.begin(process);
    let count = 0;
    return async () => {
      const writes = history.operations.filter(({ action, outcome }) => action === 'write' && outcome === 'ok');
      const oldest = writes[0];
      const isOver = writes.filter(({ key }) => key === oldest?.key).length > 1;
      if (++count % 4 > 0 || oldest === undefined || !isOver) return step();
      const { key, value = '' } = oldest;
      await history.operate({ process: process.name, action: 'read', key }, async () => ({ value }));
    };
  },
};

/** Says of every third object that it was put, and does not put it. */
const forgetsObjects: Workload = {
  ...objects,
  name: 'forgets-objects',
  begin: process => {
    const step = objects.begin(process);
    const { name, history } = process;
    let count = 0;
    return async () => {
      if (++count % 3 > 0) return step();
      const key = `${name}/lie-${count}`;
      await history.operate({ process: name, action: 'put', key, value: 'a hash' }, async () => ({}));
    };
  },
};

/** Takes money from an account, and gives it to nobody. */
const losesMoney: Workload = {
  ...itemBank,
  name: 'loses-money',
  begin: process => {
    const step = itemBank.begin(process);
    const { clients, name, random, history } = process;
    const take = new UpdateItemCommand({
      ...{ ...placeOf('account 0'), UpdateExpression: 'ADD money :n' },
      ExpressionAttributeValues: { ':n': { N: '-1' } },
    });
    return () => {
      if (random.next() < 0.7) return step();
      return history.operate({ process: name, action: 'transfer', key: 'account 0 > account 1', value: '1' }, () =>
        orRefusal(async () => (await clients.ask(() => clients.items.send(take))).found),
      );
    };
  },
};

it.each([
  ['loses money', losesMoney, 'money', /in place of 800/],
  ['forgets users', forgetsUsers, 'users', /lost forgets-users-\d-lie-\d+/],
  ['creates more than was asked for', createsMore, 'users', /which nobody was told to have created/],
  ['forgets objects', forgetsObjects, 'objects', /a list lacks forgets-objects-\d\/lie-\d+|expected a hash/],
  ['gives old values', remembersOldValues, 'linearizable registers', /no order explains the history/],
] as const)('finds it when what is tested %s', async (_what, liar, checker, story) => {
  const scenario = { ...scenarioNamed('clock-skew'), name: `lie-${liar.name}` };
  const { report } = await run(scenario, LIE_MS, [liar]);
  expect(report.verdict).toBe('invalid');
  const found = report.findings.find(finding => finding.checker === checker);
  expect(found).toMatchObject({ verdict: 'invalid' });
  expect(found?.problems[0]).toMatch(story);
});
