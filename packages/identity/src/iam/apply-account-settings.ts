/** What concerns an account as a whole: its settings and its credential report. */
import type { GenerateCredentialReport, SetTokenVersion } from './commands.ts';
import { CREDENTIAL_REPORT_MS, credentialReport } from './credential-report.ts';
import { accepted, DONE, type IamResult } from './result.ts';
import type { IamTables } from './tables.ts';

export const applyAccountSettings = {
  SetTokenVersion: setTokenVersion,
  GenerateCredentialReport: generateCredentialReport,
};

function setTokenVersion(tables: IamTables, command: SetTokenVersion): IamResult<'SetTokenVersion'> {
  const { accountId, version: globalEndpointTokenVersion } = command;
  tables.accountSettings.set(accountId, { ...tables.settingsOf(accountId), globalEndpointTokenVersion });
  return DONE;
}

function generateCredentialReport(
  tables: IamTables,
  { accountId }: GenerateCredentialReport,
  now: number,
): IamResult<'GenerateCredentialReport'> {
  const present = tables.credentialReports.get(accountId);
  if (present !== undefined && now < present.generatedAt + CREDENTIAL_REPORT_MS) return accepted({ isNew: false });
  tables.credentialReports.set(accountId, {
    accountId,
    generatedAt: now,
    content: credentialReport(tables, accountId, now),
  });
  return accepted({ isNew: true });
}
