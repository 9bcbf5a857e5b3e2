import { expect, it } from 'vitest';
import { denialMessage } from './denial-message.ts';
import type { PolicyType } from './policy-evaluator.ts';
import { ANONYMOUS, rootPrincipal } from './principal.ts';

const request = {
  principal: rootPrincipal('aws', '123456789012'),
  action: 'sts:AssumeRole',
  resource: 'arn:aws:iam::1:role/r',
};
const SUBJECT =
  'User: arn:aws:iam::123456789012:root is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::1:role/r';

it.each<[PolicyType, boolean, string]>([
  ['identity', false, 'because no identity-based policy allows the sts:AssumeRole action'],
  ['identity', true, 'with an explicit deny in an identity-based policy'],
  ['boundary', false, 'because no permissions boundary allows the sts:AssumeRole action'],
  ['boundary', true, 'with an explicit deny in a permissions boundary'],
  ['session', false, 'because no session policy allows the sts:AssumeRole action'],
  ['session', true, 'with an explicit deny in a session policy'],
  ['resource', false, 'because no resource-based policy allows the sts:AssumeRole action'],
  ['resource', true, 'with an explicit deny in a resource-based policy'],
  ['trust', false, 'because no role trust policy allows the sts:AssumeRole action'],
  ['trust', true, 'with an explicit deny in the role trust policy'],
])('%s, explicit %s', (by, explicit, reason) => {
  expect(denialMessage(request, { allowed: false, explicit, by })).toBe(`${SUBJECT} ${reason}`);
});

it('names those who have no ARN', () => {
  const denied = { allowed: false, explicit: false, by: 'resource' } as const;
  expect(denialMessage({ ...request, principal: ANONYMOUS }, denied)).toMatch(/^User: anonymous is not/);
});
