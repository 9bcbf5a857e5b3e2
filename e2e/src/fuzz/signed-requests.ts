/** Valid signed requests of every protocol the region reads: what mutations start from. */
import { createHash } from 'node:crypto';
import { type SignedRequest, type Signer, signAction, signRequest } from '@stormglass/testing';

const IAM = '2010-05-08';
const STS = '2011-06-15';

export const signer = (service: string): Signer => ({
  accessKeyId: 'test',
  secretAccessKey: 'test',
  region: 'us-east-1',
  service,
});

export const getCallerIdentity = (nowMs = Date.now()): SignedRequest =>
  signAction(signer('sts'), { Action: 'GetCallerIdentity', Version: STS }, { nowMs });

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
});

/** Reads and writes, small and long, of three services; one of a service that is not here, in JSON. */
export function signedRequests(nowMs = Date.now()): SignedRequest[] {
  const iam = (Action: string, rest: Record<string, string> = {}) =>
    signAction(signer('iam'), { Action, Version: IAM, ...rest }, { nowMs });
  const s3 = (method: string, path: string, query = '', body = '') => {
    const headers = { 'content-md5': createHash('md5').update(body).digest('base64') };
    return signRequest(signer('s3'), { method, path, query, body: Buffer.from(body) }, { nowMs, headers });
  };
  const role = { RoleArn: 'arn:aws:iam::000000000000:role/fuzzed', RoleSessionName: 'fuzz' };
  return [
    getCallerIdentity(nowMs),
    signAction(signer('sts'), { Action: 'AssumeRole', Version: STS, ...role }, { nowMs }),
    iam('ListUsers', { MaxItems: '10' }),
    iam('GetRole', { RoleName: 'fuzzed' }),
    iam('CreateUser', { UserName: 'fuzzed', 'Tags.member.1.Key': 'a', 'Tags.member.1.Value': 'é☃' }),
    iam('CreateRole', { RoleName: 'fuzzed', AssumeRolePolicyDocument: trust, Description: 'x'.repeat(900) }),
    s3('PUT', '/fuzzed-bucket'),
    s3('PUT', '/fuzzed-bucket/a/b', '', 'x'.repeat(500)),
    s3('GET', '/fuzzed-bucket', 'list-type=2&max-keys=2'),
    s3('POST', '/fuzzed-bucket', 'delete=', '<Delete><Object><Key>c</Key></Object></Delete>'),
    signAction(
      signer('dynamodb'),
      {},
      {
        nowMs,
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.ListTables' },
      },
    ),
  ];
}
