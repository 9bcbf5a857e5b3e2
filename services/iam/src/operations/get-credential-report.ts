/** Hands out the account's credential report. */
import { AwsError } from '@stormglass/aws-wire';
import { CREDENTIAL_REPORT_MS } from '@stormglass/identity';
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { dateOf } from '../shapes.ts';

export const getCredentialReport = operation<IamClient, 'GetCredentialReport', IamDeps>({
  name: 'GetCredentialReport',
  state: 'strong-read',
  permission: { resource: () => '*' },
  gaps: ['The root of an account is as old as its oldest user; neither its use nor that of access keys is recorded.'],
  handle(_input, { accountId, now }, { replica }) {
    const report = replica.view.credentialReport(accountId);
    if (report === undefined) throw new AwsError('ReportNotPresent', 410, 'The credential report does not exist.');
    if (now >= report.generatedAt + CREDENTIAL_REPORT_MS)
      throw new AwsError('ReportExpired', 410, 'The most recent credential report has expired.');
    return {
      Content: Buffer.from(report.content),
      ReportFormat: 'text/csv',
      GeneratedTime: dateOf(report.generatedAt),
    };
  },
});
