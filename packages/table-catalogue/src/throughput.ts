/** Throughput of tables and indexes: what may be asked for, and how often it may become less. */
import { QUOTAS, UNITS_MAX } from './quotas.ts';
import type { BillingMode, OnDemandLimits, Throughput, ThroughputRecord } from './records.ts';
import { invalid, refuse } from './result.ts';

/** Of what is paid for by request. */
export const ON_DEMAND: ThroughputRecord = { read: 0, write: 0, decreases: 0 };

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const dayOf = (time: number): number => Math.floor(time / DAY_MS);

/** @throws Refused when it is beyond all bounds */
export function checkUnits({ read, write }: Throughput): void {
  const units = { ReadCapacityUnits: read, WriteCapacityUnits: write };
  for (const [name, value] of Object.entries(units))
    if (value > UNITS_MAX) refuse('ValidationException', `Given value ${value} for ${name} is out of bounds`);
}

/** @throws Refused when limits of on-demand do not go with the billing, or are none */
export function checkOnDemand(limits: OnDemandLimits | undefined, billing: BillingMode, index?: string): void {
  const members = { MaxReadRequestUnits: limits?.read, MaxWriteRequestUnits: limits?.write };
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined) continue;
    const where = index === undefined ? '' : ` for index : ${index}`;
    if (billing === 'PROVISIONED')
      invalid(`${name} for OnDemandThroughput${where} cannot be specified when the table BillingMode is PROVISIONED`);
    if (value !== -1 && (value < 1 || value > UNITS_MAX))
      invalid(`Requested ${name} for OnDemandThroughput${where || ' for table'} is outside of valid range`);
  }
}

/** Decreases in the UTC day of `now`. */
export const decreasesToday = ({ decreasedAt, decreases }: ThroughputRecord, now: number): number =>
  decreasedAt !== undefined && dayOf(decreasedAt) === dayOf(now) ? decreases : 0;

/**
 * The throughput as it becomes. `what` names whose it is: `table`, or `index <name>`.
 * @throws Refused when nothing changes, or a decrease comes too soon
 */
export function changedThroughput(
  before: ThroughputRecord,
  { read, write }: Throughput,
  now: number,
  what: string,
): ThroughputRecord {
  checkUnits({ read, write });
  if (before.read === read && before.write === write) {
    refuse(
      'ValidationException',
      `The provisioned throughput for the ${what} will not change. The requested value equals the current value. Current ReadCapacityUnits provisioned for the ${what}: ${read}. Requested ReadCapacityUnits: ${read}. Current WriteCapacityUnits provisioned for the ${what}: ${write}. Requested WriteCapacityUnits: ${write}. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.`,
    );
  }
  const isLess = read < before.read || write < before.write;
  const isMore = read > before.read || write > before.write;
  if (isLess) checkDecrease(before, now);
  const { increasedAt, decreasedAt } = before;
  return {
    ...{ read, write, decreases: isLess ? decreasesToday(before, now) + 1 : before.decreases },
    ...(isMore ? { increasedAt: now } : increasedAt === undefined ? {} : { increasedAt }),
    ...(isLess ? { decreasedAt: now } : decreasedAt === undefined ? {} : { decreasedAt }),
  };
}

function checkDecrease(before: ThroughputRecord, now: number): void {
  const today = decreasesToday(before, now);
  const last = before.decreasedAt ?? 0;
  if (today < QUOTAS.FreeDecreases || now - last >= HOUR_MS) return;
  const next = Math.min(last + HOUR_MS, (dayOf(now) + 1) * DAY_MS);
  refuse(
    'LimitExceededException',
    `Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day. After the first ${QUOTAS.FreeDecreases} decreases, each subsequent decrease in the same UTC day can be performed at most once every 3600 seconds. Number of decreases today: ${today}. Last decrease at ${longDate(last)}. Next decrease can be made at ${longDate(next)}`,
  );
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];

/** `Friday, October 9, 2026 at 1:21:34 AM Coordinated Universal Time`; by hand, as replicas may differ in their locales. */
function longDate(time: number): string {
  const date = new Date(time);
  const [hours, minutes, seconds] = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()];
  const day = `${DAYS[date.getUTCDay()]}, ${MONTHS[date.getUTCMonth()]} ${date.getUTCDate()}, ${date.getUTCFullYear()}`;
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${day} at ${hours % 12 || 12}:${two(minutes)}:${two(seconds)} ${hours < 12 ? 'AM' : 'PM'} Coordinated Universal Time`;
}
