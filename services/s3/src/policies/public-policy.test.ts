/** Which policies are public, by the examples of AWS's definition and around its edges. */
import { parsePolicy } from '@stormglass/identity';
import { expect, it } from 'vitest';
import { isPublicPolicy } from './public-policy.ts';

const isPublic = (more: object) =>
  isPublicPolicy(
    parsePolicy(
      JSON.stringify({
        Version: '2012-10-17',
        Statement: { ...{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' }, ...more },
      }),
      'resource',
    ),
  );
const when = (operator: string, key: string, ...values: string[]) => ({ Condition: { [operator]: { [key]: values } } });

it.each<[string, object]>([
  ['everybody', {}],
  ['everybody, spelled out', { Principal: { AWS: '*' } }],
  ['everybody among others', { Principal: { AWS: ['111122223333', '*'] } }],
  ['a condition on something that anybody may have', when('StringEquals', 'aws:UserAgent', 'x')],
  ['a wildcard in an organization', when('StringLike', 'aws:PrincipalOrgID', 'o-*')],
  ['all accounts of a role', when('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/app')],
  ['half of the internet', when('IpAddress', 'aws:SourceIp', '0.0.0.0/1')],
  ['all but some', when('StringNotEquals', 'aws:PrincipalAccount', '111122223333')],
  ['a network and the internet', when('IpAddress', 'aws:SourceIp', '203.0.113.0/24', '0.0.0.0/0')],
  ['a wide range of version 6', when('IpAddress', 'aws:SourceIp', '2001::/16')],
  ['a variable', when('StringEquals', 'aws:PrincipalAccount', `\${aws:username}`)],
])('%s is public', (_what, more) => {
  expect(isPublic(more)).toBe(true);
});

it.each<[string, object]>([
  ['a denial', { Effect: 'Deny' }],
  ['an account', { Principal: { AWS: '111122223333' } }],
  ['a service', { Principal: { Service: 'cloudtrail.amazonaws.com' } }],
  ['an account, by a condition', when('StringEquals', 'aws:PrincipalAccount', '111122223333')],
  ['an organization', when('StringEquals', 'aws:PrincipalOrgID', 'o-1')],
  ['roles of an account', when('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::111122223333:role/*')],
  ['a network', when('IpAddress', 'aws:SourceIp', '203.0.113.0/24', '198.51.100.7')],
  ['an endpoint', when('StringEquals', 'aws:SourceVpce', 'vpce-1')],
])('%s is not public', (_what, more) => {
  expect(isPublic(more)).toBe(false);
});
