/** An account as a whole: its settings, its credential report, its summary. */
import {
  AddUserToGroupCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateInstanceProfileCommand,
  CreateOpenIDConnectProviderCommand,
  CreateUserCommand,
  GenerateCredentialReportCommand,
  GetAccountSummaryCommand,
  GetCredentialReportCommand,
  type IAMClient,
  SetSecurityTokenServicePreferencesCommand,
} from '@aws-sdk/client-iam';
import { skewed, systemClock } from '@stormglass/base';
import { CREDENTIAL_REPORT_MS } from '@stormglass/identity';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ACCOUNT, type IamHost, refusal, startIamHost } from '../testing/iam-host.ts';

let host: IamHost;
beforeAll(async () => {
  host = await startIamHost();
});
afterAll(() => host.close());

const generate = (client: IAMClient) => client.send(new GenerateCredentialReportCommand({}));
const report = (client: IAMClient) => client.send(new GetCredentialReportCommand({}));
const summary = async () => (await host.root.send(new GetAccountSummaryCommand({}))).SummaryMap!;

it('makes a credential report and hands it out', async () => {
  const { root } = host;
  await expect(report(root)).rejects.toMatchObject(
    refusal('CredentialReportNotPresentException', 410, 'The credential report does not exist.'),
  );
  await root.send(new CreateUserCommand({ UserName: 'ann' }));
  await root.send(new CreateAccessKeyCommand({ UserName: 'ann' }));
  expect(await generate(root)).toMatchObject({
    State: 'STARTED',
    Description: 'No report exists. Starting a new report generation task',
  });
  const again = await generate(root);
  expect(again.State).toBe('COMPLETE');
  expect(again.Description).toBeUndefined();
  const { Content, ReportFormat, GeneratedTime } = await report(root);
  expect(ReportFormat).toBe('text/csv');
  expect(GeneratedTime).toBeInstanceOf(Date);
  const [header, first, second, ...others] = Buffer.from(Content!).toString().split('\n');
  expect(header).toMatch(/^user,arn,user_creation_time,password_enabled,/);
  expect(first).toMatch(`<root_account>,arn:aws:iam::${ACCOUNT}:root,`);
  expect(second).toMatch(
    /^ann,arn:aws:iam::\d{12}:user\/ann,\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00,false,.*,true,\d{4}-/,
  );
  expect(others).toEqual([]);
});

it('hands out no report that is older than four hours', async () => {
  const logClock = skewed(systemClock, () => -CREDENTIAL_REPORT_MS);
  const late = await startIamHost(undefined, logClock);
  try {
    expect(await generate(late.root)).toMatchObject({ State: 'STARTED' });
    await expect(report(late.root)).rejects.toMatchObject(
      refusal('CredentialReportExpiredException', 410, 'The most recent credential report has expired.'),
    );
  } finally {
    await late.close();
  }
});

it('is for those who may have it', async () => {
  const nobody = await host.user('nobody');
  await expect(report(nobody)).rejects.toMatchObject({ name: 'AccessDenied' });
  await expect(generate(nobody)).rejects.toMatchObject({ name: 'AccessDenied' });
});

it('keeps the version of tokens that the account chose', async () => {
  expect((await summary()).GlobalEndpointTokenVersion).toBe(1);
  const choose = (GlobalEndpointTokenVersion: 'v1Token' | 'v2Token') =>
    host.root.send(new SetSecurityTokenServicePreferencesCommand({ GlobalEndpointTokenVersion }));
  await choose('v2Token');
  expect((await summary()).GlobalEndpointTokenVersion).toBe(2);
  expect(host.view.globalEndpointTokenVersion(ACCOUNT)).toBe(2);
  await choose('v1Token');
  expect((await summary()).GlobalEndpointTokenVersion).toBe(1);
  await expect(choose('v3Token' as never)).rejects.toMatchObject({ name: 'ValidationError' });
});

it('sums the account up, with all keys of AWS', async () => {
  const { root } = host;
  await root.send(new CreateGroupCommand({ GroupName: 'team' }));
  await root.send(new AddUserToGroupCommand({ GroupName: 'team', UserName: 'ann' }));
  await root.send(new CreateInstanceProfileCommand({ InstanceProfileName: 'machine' }));
  await root.send(new CreateOpenIDConnectProviderCommand({ Url: 'https://issuer.example' }));
  expect(await summary()).toEqual({
    ...{ AccessKeysPerUserQuota: 2, AccountAccessKeysPresent: 0, AccountMFAEnabled: 0, AccountPasswordPresent: 0 },
    ...{ AccountSigningCertificatesPresent: 0, AssumeRolePolicySizeQuota: 2048, AttachedPoliciesPerGroupQuota: 10 },
    ...{ AttachedPoliciesPerRoleQuota: 10, AttachedPoliciesPerUserQuota: 10, GlobalEndpointTokenVersion: 1 },
    ...{ GroupPolicySizeQuota: 5120, Groups: 1, GroupsPerUserQuota: 10, GroupsQuota: 300, InstanceProfiles: 1 },
    ...{ InstanceProfilesQuota: 1000, MFADevices: 0, MFADevicesInUse: 0, Policies: 0, PoliciesQuota: 1500 },
    ...{ PolicySizeQuota: 6144, PolicyVersionsInUse: 0, PolicyVersionsInUseQuota: 10_000, Providers: 1 },
    ...{ RolePolicySizeQuota: 10_240, Roles: 0, RolesQuota: 1000, ServerCertificates: 0, ServerCertificatesQuota: 20 },
    ...{ SigningCertificatesPerUserQuota: 2, UserPolicySizeQuota: 2048, Users: 2, UsersQuota: 5000 },
    VersionsPerPolicyQuota: 5,
  });
});
