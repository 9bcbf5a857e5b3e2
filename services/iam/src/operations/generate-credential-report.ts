/** Makes the account's credential report. */
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';

export const generateCredentialReport = operation<IamClient, 'GenerateCredentialReport', IamDeps>({
  name: 'GenerateCredentialReport',
  state: 'write',
  permission: { resource: () => '*' },
  gaps: ['A report is complete as soon as it is begun; AWS takes seconds, and says `INPROGRESS` until then.'],
  async handle(_input, call, deps) {
    const { isNew } = await execute(deps, call, { type: 'GenerateCredentialReport', accountId: call.accountId });
    if (!isNew) return { State: 'COMPLETE' };
    return { State: 'STARTED', Description: 'No report exists. Starting a new report generation task' };
  },
});
