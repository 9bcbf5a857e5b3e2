/**
 * The credential report of an account as text, one line a user (IAM User Guide, "Generate credential reports for your
 * AWS account"). Part of the state: a report shows the account as it was when it was made.
 */
import type { UserRecord } from './records.ts';
import type { IamTables } from './tables.ts';

/** How long a report is handed out before the account must ask for another: four hours. */
export const CREDENTIAL_REPORT_MS = 4 * 3600 * 1000;

const KEY_COLUMNS = ['active', 'last_rotated', 'last_used_date', 'last_used_region', 'last_used_service'];

const COLUMNS = [
  ...['user', 'arn', 'user_creation_time', 'password_enabled', 'password_last_used', 'password_last_changed'],
  ...['password_next_rotation', 'mfa_active'],
  ...[1, 2].flatMap(n => KEY_COLUMNS.map(column => `access_key_${n}_${column}`)),
  ...['cert_1_active', 'cert_1_last_rotated', 'cert_2_active', 'cert_2_last_rotated'],
];

const NO_KEY = 'false,N/A,N/A,N/A,N/A';
const NO_PASSWORD = 'false,N/A,N/A,N/A';
const NO_MFA = 'false';
const NO_CERTIFICATES = 'false,N/A,false,N/A';

/** `now` in ms since the epoch. Lines end in line feeds, the last one in nothing, as in AWS's. */
export function credentialReport(tables: IamTables, accountId: string, now: number): string {
  const users = [...tables.users.withPrefix(`${accountId}/`)].map(([, user]) => user);
  const lines = users.map(user => userLine(tables, user));
  return [COLUMNS.join(','), rootLine(tables, accountId, users, now), ...lines].join('\n');
}

/** Nobody made the account here: it is as old as its oldest user. */
function rootLine({ partition }: IamTables, accountId: string, users: readonly UserRecord[], now: number): string {
  const createdAt = time(users.reduce((oldest, user) => Math.min(oldest, user.createdAt), now));
  const who = `<root_account>,arn:${partition}:iam::${accountId}:root,${createdAt}`;
  const password = 'not_supported,no_information,not_supported,not_supported';
  return `${who},${password},${NO_MFA},${NO_KEY},${NO_KEY},${NO_CERTIFICATES}`;
}

// All of an account's lines are written while the log waits, and an account may have 5,000.
function userLine({ accessKeys }: IamTables, { name, arn, createdAt, accessKeyIds }: UserRecord): string {
  const who = `${field(name)},${field(arn)},${time(createdAt)}`;
  const [first, second] = accessKeyIds;
  const keys = `${keyFields(accessKeys, first)},${keyFields(accessKeys, second)}`;
  return `${who},${NO_PASSWORD},${NO_MFA},${keys},${NO_CERTIFICATES}`;
}

/** A key that is not active keeps the time at which it was made. The use of keys is not recorded. */
function keyFields(accessKeys: IamTables['accessKeys'], id: string | undefined): string {
  const key = id === undefined ? undefined : accessKeys.get(id);
  return key === undefined ? NO_KEY : `${key.status === 'Active'},${time(key.createdAt)},N/A,N/A,N/A`;
}

/** In whole seconds, with the offset written out. */
const time = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}+00:00`;

/** Names of users may hold commas (RFC 4180); their other characters mean nothing here. */
const field = (text: string): string => (text.includes(',') ? `"${text}"` : text);
