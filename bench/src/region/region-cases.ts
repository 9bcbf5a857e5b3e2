/** The calls that are measured against a region, and what has to be there before them. */
import type { Signer } from '@stormglass/testing';
import { call, policedUser, root, SESSION_TRUST_POLICY, TRUST_POLICY } from './calls.ts';
import type { Load } from './load.ts';
import type { RepeatedCall } from './load-plan.ts';
import type { Case } from './measurement.ts';

const IAM_VERSION = { Version: '2010-05-08' };
const ROLE = 'bench';
const SESSION_ROLE = 'bench-session';

export interface Target {
  readonly server: string;
  readonly port: number;
  readonly pids: readonly number[];
}

type Credentials = Omit<Signer, 'service'>;

/** A user with policies, a role to ask for, and one to assume. */
export async function furnish(port: number): Promise<Credentials> {
  const credentials = await policedUser(port, 'test');
  await createRole(port);
  await createSessionRole(port);
  return credentials;
}

/** A role whose sessions are asked for. */
export const createSessionRole = (port: number) =>
  call(port, root('iam'), {
    ...IAM_VERSION,
    Action: 'CreateRole',
    RoleName: SESSION_ROLE,
    AssumeRolePolicyDocument: SESSION_TRUST_POLICY,
  });

export const createRole = (port: number) =>
  call(port, root('iam'), {
    ...IAM_VERSION,
    Action: 'CreateRole',
    RoleName: ROLE,
    AssumeRolePolicyDocument: TRUST_POLICY,
  });

export const callerIdentity = (load: Load, target: Target, credentials: Credentials, inFlight: number): Case =>
  repeated(load, target, inFlight, 'GetCallerIdentity', '<Account>', {
    kind: 'repeated',
    signer: { ...credentials, service: 'sts' },
    parameters: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
  });

/** `accountId`: where the role is. */
export const assumeRole = (
  load: Load,
  target: Target,
  credentials: Credentials,
  inFlight: number,
  accountId = '000000000000',
): Case =>
  repeated(load, target, inFlight, 'AssumeRole', '<SessionToken>', {
    kind: 'repeated',
    signer: { ...credentials, service: 'sts' },
    parameters: {
      ...{ Action: 'AssumeRole', Version: '2011-06-15', RoleSessionName: 'bench' },
      RoleArn: `arn:aws:iam::${accountId}:role/${SESSION_ROLE}`,
    },
  });

export const getRole = (load: Load, target: Target, credentials: Credentials, inFlight: number): Case =>
  repeated(load, target, inFlight, 'GetRole', `<RoleName>${ROLE}<`, {
    kind: 'repeated',
    signer: { ...credentials, service: 'iam' },
    parameters: { ...IAM_VERSION, Action: 'GetRole', RoleName: ROLE },
  });

function repeated(
  load: Load,
  { server, port, pids }: Target,
  inFlight: number,
  operation: string,
  marker: string,
  calls: RepeatedCall,
): Case {
  return {
    ...{ operation, server, inFlight },
    run: settings => load.run({ ...settings, port, inFlight, marker, calls, pids }),
  };
}

/** As many users as IAM's quota lets an account have, with a few to spare. */
const USERS_PER_ACCOUNT = 4900;
let lastAccount = 0;

type CallerOf = (port: number, accountId: string) => Promise<Credentials>;

/** `users`: how many are prepared; the run ends early when they are used up. `callerOf`: who calls in each account. */
export const createUser = (
  load: Load,
  { server, port, pids }: Target,
  inFlight: number,
  users: number,
  callerOf: CallerOf = policedUser,
): Case => ({
  ...{ operation: 'CreateUser', server, inFlight },
  async run(settings) {
    const signers: Signer[] = [];
    for (let left = users; left > 0; left -= USERS_PER_ACCOUNT) {
      const account = `2${String(++lastAccount).padStart(11, '0')}`;
      signers.push({ ...(await callerOf(port, account)), service: 'iam' });
    }
    const prefix = `load-${lastAccount}`;
    const perSigner = Math.min(users, USERS_PER_ACCOUNT);
    const calls = { kind: 'create-user', signers, perSigner, prefix } as const;
    return load.run({ ...settings, port, inFlight, marker: '<UserId>', calls, pids });
  },
});
