import { expect, it } from 'vitest';
import type { IamCommand } from './commands.ts';
import { CREDENTIAL_REPORT_MS } from './credential-report.ts';
import { IamState } from './state.ts';

const accountId = '123456789012';
const MADE = Date.UTC(2026, 4, 1, 8, 30, 15);

function machine() {
  const state = new IamState();
  let seq = 0;
  const run = (command: IamCommand, now = MADE) => state.apply({ seq: ++seq, now }, command);
  const report = () => state.view.credentialReport(accountId);
  return { state, run, report };
}

const HEADER =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,' +
  'mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,' +
  'access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,' +
  'access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,' +
  'cert_1_last_rotated,cert_2_active,cert_2_last_rotated';

it('has the columns of AWS and a line for the root and each user', () => {
  const { run, report } = machine();
  const user = { accountId, userName: 'b,ob' };
  run({ type: 'CreateUser', ...user, userId: 'AIDAB', path: '/team/' });
  run({ type: 'CreateUser', accountId, userName: 'Ann', userId: 'AIDAA', path: '/' }, MADE + 1000);
  const key = { ...user, secretAccessKey: 's' };
  run({ type: 'CreateAccessKey', ...key, accessKeyId: 'AKIA1' }, MADE + 60_000);
  run({ type: 'CreateAccessKey', ...key, accessKeyId: 'AKIA2' }, MADE + 120_000);
  run({ type: 'UpdateAccessKey', ...user, accessKeyId: 'AKIA1', status: 'Inactive' }, MADE + 180_000);
  expect(run({ type: 'GenerateCredentialReport', accountId }, MADE + 200_000)).toEqual({
    ok: true,
    value: { isNew: true },
  });
  const { generatedAt, content } = report()!;
  expect(generatedAt).toBe(MADE + 200_000);
  const noKey = 'false,N/A,N/A,N/A,N/A';
  const noCertificates = 'false,N/A,false,N/A';
  expect(content.split('\n')).toEqual([
    HEADER,
    '<root_account>,arn:aws:iam::123456789012:root,2026-05-01T08:30:15+00:00,not_supported,no_information,' +
      `not_supported,not_supported,false,${noKey},${noKey},${noCertificates}`,
    'Ann,arn:aws:iam::123456789012:user/Ann,2026-05-01T08:30:16+00:00,false,N/A,N/A,N/A,false,' +
      `${noKey},${noKey},${noCertificates}`,
    '"b,ob","arn:aws:iam::123456789012:user/team/b,ob",2026-05-01T08:30:15+00:00,false,N/A,N/A,N/A,false,' +
      `false,2026-05-01T08:31:15+00:00,N/A,N/A,N/A,true,2026-05-01T08:32:15+00:00,N/A,N/A,N/A,${noCertificates}`,
  ]);
});

it('stands for four hours, whatever happens to the account', () => {
  const { run, report } = machine();
  expect(report()).toBeUndefined();
  run({ type: 'GenerateCredentialReport', accountId });
  const first = report();
  run({ type: 'CreateUser', accountId, userName: 'late', userId: 'AIDAL', path: '/' });
  const again = (after: number) => run({ type: 'GenerateCredentialReport', accountId }, MADE + after);
  expect(again(CREDENTIAL_REPORT_MS - 1)).toEqual({ ok: true, value: { isNew: false } });
  expect(report()).toBe(first);
  expect(again(CREDENTIAL_REPORT_MS)).toEqual({ ok: true, value: { isNew: true } });
  expect(report()).toMatchObject({ content: expect.stringContaining('late') });
});
