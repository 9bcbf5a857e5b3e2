import { describe, expect, it } from 'vitest';
import type { ThroughputRecord } from './records.ts';
import { Refused } from './result.ts';
import { changedThroughput, decreasesToday } from './throughput.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const start = Date.UTC(2026, 9, 9, 12, 21, 34);

/** Four decreases, a minute apart, from ten units on. */
function afterFour(): ThroughputRecord {
  let units: ThroughputRecord = { read: 10, write: 10, decreases: 0 };
  for (let i = 0; i < 4; i++) units = lower(units, start + i * MINUTE_MS);
  return units;
}

const lower = (units: ThroughputRecord, now: number): ThroughputRecord =>
  changedThroughput(units, { read: units.read - 1, write: units.write }, now, 'table');

function refusalOf(units: ThroughputRecord, now: number): unknown {
  try {
    return lower(units, now);
  } catch (thrown) {
    return thrown instanceof Refused ? thrown.refusal : thrown;
  }
}

describe('decreases of throughput', () => {
  it('are four in a day, and then one in an hour', () => {
    const units = afterFour();
    const last = start + 3 * MINUTE_MS;
    expect(units).toEqual({ read: 6, write: 10, decreases: 4, decreasedAt: last });
    expect(refusalOf(units, last + HOUR_MS - 1)).toEqual({
      ok: false,
      code: 'LimitExceededException',
      message:
        'Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day. After the first 4 decreases, each subsequent decrease in the same UTC day can be performed at most once every 3600 seconds. Number of decreases today: 4. Last decrease at Friday, October 9, 2026 at 12:24:34 PM Coordinated Universal Time. Next decrease can be made at Friday, October 9, 2026 at 1:24:34 PM Coordinated Universal Time',
    });
    const fifth = lower(units, last + HOUR_MS);
    expect(fifth).toMatchObject({ read: 5, decreases: 5 });
    expect(refusalOf(fifth, last + HOUR_MS + 1)).toMatchObject({ ok: false });
  });

  it('are counted anew every day, and increases are not counted', () => {
    const midnight = Date.UTC(2026, 9, 10);
    const units = afterFour();
    expect(decreasesToday(units, midnight - 1)).toBe(4);
    expect(decreasesToday(units, midnight)).toBe(0);
    expect(lower(units, midnight)).toMatchObject({ decreases: 1 });
    const more = changedThroughput(units, { read: 20, write: 10 }, start + HOUR_MS, 'table');
    expect(more).toMatchObject({ decreases: 4, increasedAt: start + HOUR_MS, decreasedAt: start + 3 * MINUTE_MS });
  });
});
