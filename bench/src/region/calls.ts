/** Signed calls one at a time, for setting the scene; the load generator sends the ones that are measured. */
import { request } from 'node:http';
import { type Signer, signAction } from '@stormglass/testing';

export interface Answer {
  readonly status: number;
  /** Name and value in turn, as received. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export type Parameters = Readonly<Record<string, string>>;

/** @throws Error when the answer is not a 200 */
export async function call(port: number, signer: Signer, parameters: Parameters): Promise<Answer> {
  const answer = await send(port, signer, parameters);
  if (answer.status !== 200) throw new Error(`${parameters.Action}: ${answer.status} ${answer.body}`);
  return answer;
}

function send(port: number, signer: Signer, parameters: Parameters): Promise<Answer> {
  const signed = signAction(signer, parameters, { nowMs: Date.now(), host: `127.0.0.1:${port}` });
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method: signed.method, path: signed.path, headers: signed.headers };
    const outgoing = request(options, response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const { statusCode: status = 0, rawHeaders } = response;
        resolve({ status, rawHeaders, body: Buffer.concat(chunks).toString() });
      });
      response.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(signed.body);
  });
}

const REGION = 'us-east-1';
export const root = (service: 'iam' | 'sts', accountId = 'test'): Signer => ({
  accessKeyId: accountId,
  secretAccessKey: 'test',
  region: REGION,
  service,
});

/** A user of account `accountId` with policies that have to be read to know what it may do. */
export async function policedUser(port: number, accountId: string): Promise<Omit<Signer, 'service'>> {
  const iam = (parameters: Parameters) => call(port, root('iam', accountId), { Version: '2010-05-08', ...parameters });
  const UserName = 'bench';
  await iam({ Action: 'CreateUser', UserName });
  for (const [i, document] of POLICIES.entries()) {
    const made = await iam({
      Action: 'CreatePolicy',
      PolicyName: `bench-${i}`,
      PolicyDocument: JSON.stringify(document),
    });
    await iam({ Action: 'AttachUserPolicy', UserName, PolicyArn: element(made, 'Arn') });
  }
  const key = await iam({ Action: 'CreateAccessKey', UserName });
  return { accessKeyId: element(key, 'AccessKeyId'), secretAccessKey: element(key, 'SecretAccessKey'), region: REGION };
}

const element = ({ body }: Answer, name: string): string => new RegExp(`<${name}>([^<]+)</${name}>`).exec(body)![1]!;

const allow = (Action: string | string[], Resource: string | string[], Condition?: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource, ...(Condition === undefined ? {} : { Condition }) }],
});

const POLICIES = [
  allow(['s3:Get*', 's3:List*'], ['arn:aws:s3:::reports', 'arn:aws:s3:::reports/*']),
  allow('dynamodb:*', 'arn:aws:dynamodb:*:*:table/orders-*', { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } }),
  allow(['ec2:Describe*', 'ec2:StartInstances'], '*', { Bool: { 'aws:SecureTransport': 'true' } }),
  {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Action: 'iam:Delete*',
        Resource: '*',
        Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
      },
    ],
  },
  allow(['iam:Get*', 'iam:List*', 'iam:CreateUser'], ['arn:aws:iam::*:user/*', 'arn:aws:iam::*:role/*']),
];

/** Trust in that very user: naming it grants inside its account. */
export const SESSION_TRUST_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::000000000000:user/bench' }, Action: 'sts:AssumeRole' },
  ],
});

export const TRUST_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
