/**
 * Bucket policies: read and checked as S3 does it, in S3's words, which are others than IAM's ("Policies and permissions
 * in Amazon S3", User Guide).
 */
import {
  compilePolicy,
  EMPTY_CONTEXT,
  type IamView,
  type PolicyDocument,
  PolicyDocumentError,
  type PolicyStatement,
  parsePolicy,
  splitArn,
} from '@stormglass/identity';
import { s3Problem } from '../errors.ts';
import { coverageOf } from './s3-actions.ts';

const BYTES_MAX = 20_480;

const malformed = (message: string, Detail?: string) =>
  s3Problem('MalformedPolicy', message, Detail === undefined ? undefined : { Detail });

/** The bucket that a policy is for. */
export interface PolicySubject {
  readonly arn: string;
  /** The account that owns it. */
  readonly account: string;
}

/** @throws AwsError MalformedPolicy */
export function parseBucketPolicy(text: string, bucket: PolicySubject, iam: IamView): PolicyDocument {
  if (Buffer.byteLength(text) > BYTES_MAX) throw malformed('Policy exceeds the maximum allowed document size.');
  const document = readDocument(text);
  for (const statement of document.statements) checkStatement(statement, bucket, iam);
  return document;
}

function readDocument(text: string): PolicyDocument {
  // IAM reads white space before the brace; S3 does not.
  if (!text.startsWith('{')) throw s3Problem('MalformedPolicy', NOT_JSON);
  try {
    return parsePolicy(text, 'resource');
  } catch (error) {
    if (error instanceof PolicyDocumentError) throw malformed(inWordsOfS3(error.message));
    throw error;
  }
}

const NOT_JSON = "Policies must be valid JSON and the first byte must be '{'";

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/invalid Json/, NOT_JSON],
  [/^Invalid principal/, 'Invalid principal in policy'],
  [/^Missing required field (\w+)$/, 'Missing required field $1'],
  [/must contain actions/, 'Missing required field Action'],
  [/^Actions|^Vendor/, 'Policy has invalid action'],
  [/^Resource|^Partition|^IAM resource/, 'Policy has invalid resource'],
  [/NotPrincipal/, 'Allow with NotPrincipal is not allowed.'],
  [/^Statement IDs/, 'Statement IDs (SID) in a single policy must be unique.'],
];

function inWordsOfS3(message: string): string {
  const known = WORDS.find(([pattern]) => pattern.test(message));
  if (known === undefined) return 'Invalid policy syntax.';
  return known[1].replace('$1', known[0].exec(message)?.[1] ?? '');
}

function checkStatement({ action, resource, principal }: PolicyStatement, bucket: PolicySubject, iam: IamView): void {
  if (resource === undefined) throw malformed('Missing required field Resource');
  const covered = action.patterns.map(pattern => {
    const coverage = coverageOf(pattern);
    if (!coverage.onBucket && !coverage.onObject) throw malformed('Policy has invalid action');
    return coverage;
  });
  const about = resource.patterns.map(pattern => aboutOf(pattern, bucket.arn));
  const applies = covered.every(
    ({ onBucket, onObject }) =>
      (onBucket && about.some(each => each.bucket)) || (onObject && about.some(each => each.object)),
  );
  if (!applies && !action.negated && !resource.negated)
    throw malformed('Action does not apply to any resource(s) in statement');
  for (const name of principal?.aws ?? []) {
    if (!isSomebody(name, bucket.account, iam))
      throw malformed('Invalid principal in policy', JSON.stringify({ AWS: name }).slice(1, -1));
  }
}

/** What of a bucket a resource pattern may mean. */
function aboutOf(pattern: string, bucketArn: string): { readonly bucket: boolean; readonly object: boolean } {
  // ARNs of directory buckets have a slash of their own.
  const slashes = bucketArn.split('/').length;
  const parts = pattern.split('/');
  const head = parts.slice(0, slashes).join('/');
  if (!matches(head, bucketArn)) throw malformed('Policy has invalid resource');
  const isHeadOnly = parts.length <= slashes;
  return { bucket: isHeadOnly, object: !isHeadOnly || head.endsWith('*') };
}

function matches(pattern: string, arn: string): boolean {
  const action = { negated: false, patterns: ['*'] };
  const resource = { negated: false, patterns: [pattern] };
  const { resources } = compilePolicy({
    version: '2012-10-17',
    statements: [{ effect: 'Allow', action, resource, conditions: [] }],
  }).statements[0]!;
  return resources === undefined || resources.test(arn, EMPTY_CONTEXT);
}

/**
 * Whether the principal that a policy names is there; who leaves later stays in the policy. Not every region knows who
 * there is in every account, so those of other accounts are taken as they are named.
 */
function isSomebody(name: string, account: string, iam: IamView): boolean {
  const arn = splitArn(name);
  if (arn?.service !== 'iam' || arn.account !== account) return true;
  const [kind, ...path] = arn.resource.split('/');
  const entity = path.at(-1) ?? '';
  if (kind === 'user') return iam.user(arn.account, entity)?.arn === name;
  if (kind === 'role') return iam.role(arn.account, entity)?.arn === name;
  return arn.resource === 'root';
}
