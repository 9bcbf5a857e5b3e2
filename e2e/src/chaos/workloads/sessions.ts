/** Sessions: assumed now and then, used all the time. What must go on when the control plane does not. */
import { AssumeRoleCommand, GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { sessionsHold } from '../checkers/sessions.ts';
import { ROLES } from './registers.ts';
import type { Workload } from './workload.ts';

const CALLS_A_SESSION = 12;

export const sessions: Workload = {
  name: 'sessions',
  processes: 2,
  checkers: [sessionsHold],
  begin: ({ name, clients, history }) => {
    let session: { readonly arn: string; readonly client: STSClient; calls: number } | undefined;
    let account: string | undefined;
    let count = 0;

    const assume = () => {
      const RoleSessionName = `${name}-${++count}`;
      return history.operate({ process: name, action: 'assume', key: RoleSessionName }, async () => {
        account ??= (await clients.ask(() => clients.sts.send(new GetCallerIdentityCommand({})))).output.Account;
        const RoleArn = `arn:aws:iam::${account}:role/${ROLES[0]}`;
        const { output, found } = await clients.ask(() =>
          clients.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName })),
        );
        const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = output.Credentials ?? {};
        session = {
          arn: output.AssumedRoleUser?.Arn ?? '',
          client: clients.as({
            accessKeyId: AccessKeyId,
            secretAccessKey: SecretAccessKey,
            sessionToken: SessionToken,
          }),
          calls: 0,
        };
        return { ...found, value: session.arn };
      });
    };

    return async () => {
      const current = session;
      // One that was given out keeps being used until there is another.
      if (current === undefined || current.calls++ % CALLS_A_SESSION === CALLS_A_SESSION - 1) return assume();
      await history.operate({ process: name, action: 'identify', key: current.arn }, async () => {
        const { output, found } = await clients.ask(() => current.client.send(new GetCallerIdentityCommand({})));
        return { ...found, value: output.Arn ?? '' };
      });
    };
  },
};
