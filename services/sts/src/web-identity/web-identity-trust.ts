/** May whoever a web identity token speaks for assume the role? Asks the role's trust policy. */
import { authorizeAssumeRole, type IamView, issuerName, type RoleRecord } from '@stormglass/identity';
import { type ConditionKeys, type UnsignedCall, withKeys } from '@stormglass/service-kit';
import { roleByArn, trustedActions } from '../role-lookup.ts';
import { type SessionTags, tagKeys } from '../session-tags.ts';
import type { WebIdentity } from './web-identity.ts';

export interface WebIdentityAsked {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly who: WebIdentity;
  readonly tags: SessionTags;
}

/** The role; or the action that is not allowed, which there is no telling apart from a role that does not exist. */
export function roleForWebIdentity(asked: WebIdentityAsked, view: IamView, call: UnsignedCall): RoleRecord | string {
  const { roleArn, who, tags } = asked;
  const role = roleByArn(view, roleArn);
  if (role === undefined) return ACTION;
  const principal = { kind: 'web-identity', provider: who.provider.arn } as const;
  const context = withKeys(call.facts, () => trustKeys(asked));
  const denied = trustedActions(ACTION, tags, who.sourceIdentity).find(
    action => !authorizeAssumeRole(view, role, { principal, action, context, now: call.now }).allowed,
  );
  return denied ?? role;
}

const ACTION = 'sts:AssumeRoleWithWebIdentity';

/** "Available keys for AWS OIDC federation" of the IAM User Guide: they begin with the issuer. */
function trustKeys({ sessionName, who, tags }: WebIdentityAsked): ConditionKeys {
  const prefix = issuerName(who.provider.issuer);
  return {
    [`${prefix}:aud`]: single(who.audience),
    [`${prefix}:oaud`]: who.originalAudience && single(who.originalAudience),
    [`${prefix}:sub`]: who.subject,
    [`${prefix}:amr`]: who.methods,
    [`${prefix}:email`]: who.email,
    'aws:FederatedProvider': who.provider.arn,
    'sts:RoleSessionName': sessionName,
    'sts:SourceIdentity': who.sourceIdentity,
    'sts:TransitiveTagKeys': tags.transitiveKeys.length === 0 ? undefined : tags.transitiveKeys,
    ...tagKeys(tags.passed),
  };
}

const single = (values: readonly string[]): string | readonly string[] => (values.length === 1 ? values[0]! : values);
