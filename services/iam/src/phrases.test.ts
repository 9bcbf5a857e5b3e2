import {
  CreateGroupCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  ListRolesCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { loadService } from '@stormglass/aws-wire';
import { afterAll, beforeAll, expect, it } from 'vitest';
import schema from '../schema.json' with { type: 'json' };
import { PHRASES } from './phrases.ts';
import { allow, type IamHost, policy, refusal, startIamHost } from './testing/iam-host.ts';

let host: IamHost;
beforeAll(async () => {
  host = await startIamHost();
});
afterAll(() => host.close());

const invalid = (member: string, rule: string) =>
  refusal('ValidationError', 400, `The specified value for ${member} is invalid. It must ${rule}`);

const NAMES = 'contain only alphanumeric characters and/or the following: +=,.@_-';
const PATHS = 'begin and end with / and contain only alphanumeric characters and/or / characters.';
const PREFIXES = 'begin with the / character and contain only alphanumeric characters and/or / characters.';
const PolicyDocument = policy(allow('s3:*'));

it('speaks about names and paths as IAM does', async () => {
  const { root } = host;
  await expect(root.send(new CreateGroupCommand({ GroupName: 'no spaces' }))).rejects.toMatchObject(
    invalid('groupName', NAMES),
  );
  await expect(
    root.send(new PutUserPolicyCommand({ UserName: 'u', PolicyName: 'a/b', PolicyDocument })),
  ).rejects.toMatchObject(invalid('policyName', NAMES));
  await expect(
    root.send(new CreateInstanceProfileCommand({ InstanceProfileName: 'p', Path: '/open' })),
  ).rejects.toMatchObject(invalid('path', PATHS));
  await expect(
    root.send(new CreatePolicyCommand({ PolicyName: 'p', Path: 'relative/', PolicyDocument })),
  ).rejects.toMatchObject(invalid('path', PATHS));
  await expect(root.send(new ListRolesCommand({ PathPrefix: 'relative' }))).rejects.toMatchObject(
    invalid('pathPrefix', PREFIXES),
  );
});

it('has patterns of the model only', () => {
  const patterns = JSON.stringify(loadService(schema).schema.constraints);
  for (const pattern of Object.keys(PHRASES)) expect(patterns).toContain(JSON.stringify(pattern));
});
