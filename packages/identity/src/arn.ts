/** The six fields of an ARN. Policies match ARNs field by field, so that a wildcard in one never reaches the next. */

export interface ArnFields {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** Everything after the fifth colon; it may hold colons itself. */
  readonly resource: string;
}

/** The fields of an ARN, or undefined when `text` is none. */
export function splitArn(text: string): ArnFields | undefined {
  const parts = text.split(':');
  if (parts.length < 6 || parts[0] !== 'arn') return undefined;
  const [, partition, service, region, account] = parts as [string, string, string, string, string];
  return { partition, service, region, account, resource: parts.slice(5).join(':') };
}

/** ARN of an IAM entity, for example `arn:aws:iam::123456789012:role/path/name`; `path` begins and ends with a slash. */
export const iamArn = (
  partition: string,
  account: string,
  kind: 'user' | 'group' | 'role' | 'policy' | 'instance-profile',
  path: string,
  name: string,
): string => `arn:${partition}:iam::${account}:${kind}${path}${name}`;

/** The last part of an IAM resource: `role/a/b/name` is about `name`. */
export const entityNameOf = (resource: string): string => resource.slice(resource.lastIndexOf('/') + 1);
