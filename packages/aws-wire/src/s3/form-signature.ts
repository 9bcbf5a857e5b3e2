/**
 * The signature of a form posted to S3: it covers the policy document in the form, and nothing else (Amazon S3 API
 * Reference, "Authenticating requests in browser-based uploads using POST"); version 4, and version 2 as older makers
 * of forms have it.
 */
import { createHmac } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { invalidSessionToken, signatureMismatch } from '../sigv4/auth-errors.ts';
import { ALGORITHM, parseScope, type Scope } from '../sigv4/credential-scope.ts';
import { equalInConstantTime, hmacHex, signingKey } from '../sigv4/signing-key.ts';
import type { Expected, Verified } from '../sigv4/verify.ts';
import { parseCompactTimestamp } from '../text/timestamps.ts';

export interface FormSignature {
  readonly accessKeyId: string;
  readonly sessionToken: string | undefined;
  /** Base64, as it stands in the form. */
  readonly policy: string;
  readonly signature: string;
  /** Version 4 only. */
  readonly scope: Scope | undefined;
  readonly timestamp: string | undefined;
}

/**
 * Reads the fields of a form by their names in lower case; undefined when nobody signed it.
 * @throws AwsError when some of them are there and others are missing
 */
export function parseFormSignature(fields: ReadonlyMap<string, string>): FormSignature | undefined {
  const policy = fields.get('policy');
  const sessionToken = fields.get('x-amz-security-token');
  const isV4 = fields.has('x-amz-signature') || fields.has('x-amz-algorithm') || fields.has('x-amz-credential');
  const accessKeyId = fields.get('awsaccesskeyid');
  if (!isV4 && accessKeyId === undefined && policy === undefined) return undefined;
  if (policy === undefined) throw missingField('policy', 'POST Object');
  if (!isV4) {
    if (accessKeyId === undefined) throw missingField('AWSAccessKeyId', 'POST Object');
    const signature = fields.get('signature');
    if (signature === undefined) throw missingField('Signature', 'POST Object');
    return { accessKeyId, sessionToken, policy, signature, scope: undefined, timestamp: undefined };
  }
  const [algorithm, credential, timestamp, signature] = ['algorithm', 'credential', 'date', 'signature'].map(name => {
    const value = fields.get(`x-amz-${name}`);
    if (value === undefined) throw missingField(`x-amz-${name}`, 'POST Object');
    return value;
  }) as [string, string, string, string];
  if (algorithm !== ALGORITHM) {
    throw new AwsError('InvalidArgument', 400, `x-amz-algorithm only supports "${ALGORITHM}"`);
  }
  const scope = parseScope(credential, 's3');
  return { accessKeyId: scope.accessKeyId, sessionToken, policy, signature, scope, timestamp };
}

/** @throws AwsError when the signature is wrong or for another place; whether the policy has expired it says itself */
export function verifyFormSignature(
  { accessKeyId, sessionToken, policy, signature, scope, timestamp }: FormSignature,
  secret: string,
  expected: Expected,
): Verified {
  const region = scope?.region ?? '';
  if (scope !== undefined && (!expected.regions.includes(region) || !expected.services.includes(scope.service))) {
    throw new AwsError(
      'InvalidArgument',
      400,
      `the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/${expected.regions[0]}/s3/aws4_request"`,
      { ArgumentName: 'X-Amz-Credential' },
    );
  }
  if (
    timestamp !== undefined &&
    (parseCompactTimestamp(timestamp) === undefined || !timestamp.startsWith(scope!.date))
  ) {
    throw new AwsError('InvalidArgument', 400, 'X-Amz-Date must be formatted via ISO8601 Long format');
  }
  const key = scope && signingKey(secret, scope.date, region, scope.service);
  const wanted = key === undefined ? createHmac('sha1', secret).update(policy).digest('base64') : hmacHex(key, policy);
  if (!equalInConstantTime(wanted, signature)) {
    throw signatureMismatch('s3', { AWSAccessKeyId: accessKeyId, StringToSign: policy, SignatureProvided: signature });
  }
  const isTemporary = accessKeyId.startsWith('ASIA');
  const isTokenRight = sessionToken !== undefined && expected.isSessionToken?.(sessionToken, accessKeyId) === true;
  if (isTemporary ? !isTokenRight : sessionToken !== undefined) throw invalidSessionToken('s3');
  return {
    ...{ accessKeyId, region, service: 's3', isPresigned: false, payloadHash: 'UNSIGNED-PAYLOAD' },
    chunks: key && { key, signature, timestamp: timestamp!, scope: `${scope.date}/${region}/${scope.service}` },
  };
}

const missingField = (name: string, where: string): AwsError =>
  new AwsError(
    'InvalidArgument',
    400,
    `Bucket ${where} must contain a field named '${name}'.  If it is specified, please check the order of the fields.`,
    {
      ArgumentName: name,
      ArgumentValue: '',
    },
  );
