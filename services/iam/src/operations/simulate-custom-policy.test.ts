import { SimulateCustomPolicyCommand, type SimulateCustomPolicyCommandInput } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ACCOUNT, allow, type IamHost, policy, refusal, startIamHost } from '../testing/iam-host.ts';

let host: IamHost;
beforeAll(async () => {
  host = await startIamHost();
});
afterAll(() => host.close());

const simulate = async (input: Partial<SimulateCustomPolicyCommandInput>) => {
  const ask = { PolicyInputList: [policy(allow('sqs:*'))], ActionNames: ['sqs:SendMessage'], ...input };
  return (await host.root.send(new SimulateCustomPolicyCommand(ask))).EvaluationResults!;
};
const queue = (account: string) => `arn:aws:sqs:us-east-1:${account}:jobs`;

it('decides by the given policies alone', async () => {
  const PolicyInputList = [
    policy(allow('sqs:SendMessage')),
    '{"Statement":{"Effect":"Deny","Action":"sqs:Purge*","Resource":"*"}}',
  ];
  const ActionNames = ['sqs:sendmessage', 'sqs:PurgeQueue', 'sqs:ReceiveMessage'];
  const results = await simulate({ PolicyInputList, ActionNames });
  expect(results.map(each => each.EvalDecision)).toEqual(['allowed', 'explicitDeny', 'implicitDeny']);
  expect(results[1]!.MatchedStatements).toEqual([
    {
      SourcePolicyId: 'PolicyInputList.2',
      SourcePolicyType: 'IAM Policy',
      StartPosition: { Line: 1, Column: 14 },
      EndPosition: { Line: 1, Column: 68 },
    },
  ]);
});

it('knows no name of a caller that is not given', async () => {
  const PolicyInputList = [policy(allow('sqs:*', `arn:aws:sqs:*:*:\${aws:username}`))];
  const ResourceArns = [queue(ACCOUNT).replace('jobs', 'bob')];
  const [unknown] = await simulate({ PolicyInputList, ResourceArns });
  expect(unknown).toMatchObject({ EvalDecision: 'implicitDeny', MissingContextValues: ['aws:username'] });
  const CallerArn = `arn:aws:iam::${ACCOUNT}:user/bob`;
  const [known] = await simulate({ PolicyInputList, ResourceArns, CallerArn });
  expect(known).toMatchObject({ EvalDecision: 'allowed', MissingContextValues: [] });
});

it('asks both sides when the resource belongs to another account', async () => {
  const CallerArn = `arn:aws:iam::${ACCOUNT}:user/bob`;
  const ResourceArns = [queue('999999999999'), queue(ACCOUNT)];
  const ResourcePolicy = policy({ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sqs:Purge*', Resource: '*' });
  const PermissionsBoundaryPolicyInputList = [policy(allow('*'))];
  const [result] = await simulate({ ResourceArns, ResourcePolicy, CallerArn, PermissionsBoundaryPolicyInputList });
  const details = {
    'IAM Policy': 'allowed',
    'Resource Policy': 'implicitDeny',
    'Permissions Boundary Policy': 'allowed',
  };
  expect(result).toMatchObject({ EvalDecision: 'implicitDeny', EvalDecisionDetails: details });
  const [foreign, own] = result!.ResourceSpecificResults!;
  expect(foreign).toMatchObject({ EvalResourceDecision: 'implicitDeny', EvalDecisionDetails: details });
  expect(own).toMatchObject({ EvalResourceDecision: 'allowed' });
  expect(own).not.toHaveProperty('EvalDecisionDetails');
});

it('refuses what it cannot simulate', async () => {
  const invalid = (message: string) => refusal('InvalidInputException', 400, message);
  await expect(simulate({ ResourcePolicy: policy() })).rejects.toMatchObject(
    invalid('Invalid Input CallerArn: it is required with ResourcePolicy.'),
  );
  const OrderedOrganizationPolicyInputList = [{ ServiceControlPolicyInputList: [policy(allow('*'))] }];
  await expect(simulate({ OrderedOrganizationPolicyInputList })).rejects.toMatchObject(
    invalid('Invalid Input OrderedOrganizationPolicyInputList: there are no organizations.'),
  );
  const ResourcePolicy = policy(allow('*'));
  await expect(simulate({ ResourcePolicy, CallerArn: `arn:aws:iam::${ACCOUNT}:user/a` })).rejects.toMatchObject(
    invalid('Invalid Input ResourcePolicy: Missing required field Principal'),
  );
});
