/** Instance profiles, service-linked roles and OIDC providers in the IAM state: quotas, and what is bounded. */
import { expect, it } from 'vitest';
import { ROLE_DELETIONS_MAX } from './apply-service-linked-roles.ts';
import type { IamCommand } from './commands.ts';
import { QUOTAS } from './quotas.ts';
import { IamState } from './state.ts';

const accountId = '123456789012';

function machine() {
  const state = new IamState();
  let seq = 0;
  const run = (command: IamCommand) => state.apply({ seq: ++seq, now: 1_700_000_000_000 + seq }, command);
  return { state, run };
}

const exceeded = (name: string, quota: number) => ({
  ok: false,
  code: 'LimitExceeded',
  message: `Cannot exceed quota for ${name}: ${quota}`,
});

it('has 1,000 instance profiles and 100 OIDC providers in an account', () => {
  const { run } = machine();
  const profile = (n: number): IamCommand => ({
    type: 'CreateInstanceProfile',
    accountId,
    profileName: `p${n}`,
    profileId: `AIPA${n}`,
    path: '/',
  });
  for (let n = 0; n < QUOTAS.InstanceProfilesPerAccount; n++) run(profile(n));
  expect(run(profile(1000))).toEqual(exceeded('InstanceProfilesPerAccount', 1000));
  const provider = (n: number): IamCommand => ({
    type: 'CreateOidcProvider',
    accountId,
    url: `https://issuer-${n}.example`,
    clientIds: [],
    thumbprints: [],
  });
  for (let n = 0; n < QUOTAS.OidcProvidersPerAccount; n++) run(provider(n));
  expect(run(provider(100))).toEqual(exceeded('OpenIdConnectProvidersPerAccount', 100));
  expect(run({ ...provider(100), accountId: '000000000000' } as IamCommand).ok).toBe(true);
});

it('lets services make roles when the quota for roles is used up, within reason', () => {
  const { run } = machine();
  const service = (n: number): IamCommand => ({
    type: 'CreateServiceLinkedRole',
    accountId,
    service: 'autoscaling.amazonaws.com',
    roleId: `AROA${n}`,
    customSuffix: String(n),
  });
  const all = QUOTAS.RolesPerAccount + QUOTAS.ServiceLinkedRolesBeyondQuota;
  for (let n = 0; n < all; n++) expect(run(service(n)).ok).toBe(true);
  expect(run(service(all))).toMatchObject({ code: 'LimitExceeded' });
  const trustPolicy = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}}`;
  expect(run({ type: 'CreateRole', accountId, roleName: 'r', roleId: 'AROAR', path: '/', trustPolicy })).toEqual(
    exceeded('RolesPerAccount', 1000),
  );
});

it('refuses the role of a service under a name that is too long', () => {
  const { run } = machine();
  const customSuffix = 'x'.repeat(64);
  const command = { type: 'CreateServiceLinkedRole', accountId, roleId: 'AROA1', customSuffix } as const;
  expect(run({ ...command, service: 'autoscaling.amazonaws.com' })).toMatchObject({ code: 'InvalidInput' });
});

it('remembers the newest deletions of service-linked roles', () => {
  const { run, state } = machine();
  const ids: string[] = [];
  for (let n = 0; n <= ROLE_DELETIONS_MAX; n++) {
    run({ type: 'CreateServiceLinkedRole', accountId, service: 'ecs.amazonaws.com', roleId: `AROA${n}` });
    // Uuids come in no order.
    const taskUuid = String((n * 37) % 101);
    const deleted = run({ type: 'DeleteServiceLinkedRole', accountId, roleName: 'AWSServiceRoleForECS', taskUuid });
    expect(deleted.ok).toBe(true);
    ids.push(`task/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS/${taskUuid}`);
  }
  const [oldest, ...others] = ids.map(id => state.view.roleDeletion(accountId, id)?.id);
  expect(oldest).toBeUndefined();
  expect(others).toEqual(ids.slice(1));
});
