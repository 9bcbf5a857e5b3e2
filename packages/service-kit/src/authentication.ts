/**
 * Who signed this request? Looks the credentials up in the zone's own IAM replica and verifies the signature.
 *
 * A key made in another zone a moment ago may not have arrived here yet, so a credential that looks right but is unknown
 * makes the replica catch up once before it is refused; the same goes for permissions (`pipeline.ts`). While nobody can
 * say whether it is known, it is neither taken nor refused: the call fails as it does when the log cannot be reached.
 */
import {
  type AuthDialect,
  type Authorization,
  type Expected,
  expiredSessionToken,
  parseFormSignature,
  unknownAccessKey,
  type Verified,
  verifyFormSignature,
  verifySignature,
  type WireRequest,
} from '@stormglass/aws-wire';
import { type AccountPrincipal, type Authentication, authenticate, type IamView } from '@stormglass/identity';

export interface IamReplica {
  readonly view: IamView;
  /** Resolves when everything acknowledged before is applied here; rejects when that cannot be confirmed in time. */
  catchUp(): Promise<void>;
}

export interface Authenticated {
  readonly principal: AccountPrincipal;
  readonly verified: Verified;
}

interface At {
  readonly region: string;
  readonly now: number;
}

/**
 * @param at where and when the request arrives
 * @throws AwsError as AWS answers each kind of bad credentials; LogUnavailable when the zone cannot tell
 */
export async function authenticateRequest(
  request: WireRequest,
  authorization: Authorization,
  dialect: AuthDialect,
  expected: Omit<Expected, 'isSessionToken'>,
  iam: IamReplica,
  at: At,
): Promise<Authenticated> {
  const { principal, secretAccessKey } = await lookUp(authorization, dialect, iam, at);
  if (expected.services.includes('iam') && isOwnSession(principal)) {
    throw unknownAccessKey(dialect, authorization.accessKeyId);
  }
  const verified = verifySignature(request, authorization, secretAccessKey, at.now, { ...expected, isSessionToken });
  return { principal, verified };
}

/**
 * Who signed the policy of a form posted to S3; undefined when nobody did.
 * @param fields by their names in lower case
 * @throws as `authenticateRequest`
 */
export async function authenticateForm(
  fields: ReadonlyMap<string, string>,
  expected: Omit<Expected, 'isSessionToken'>,
  iam: IamReplica,
  at: At,
): Promise<Authenticated | undefined> {
  const signature = parseFormSignature(fields);
  if (signature === undefined) return undefined;
  const { principal, secretAccessKey } = await lookUp(signature, 's3', iam, at);
  const verified = verifyFormSignature(signature, secretAccessKey, { ...expected, isSessionToken });
  return { principal, verified };
}

/** Opening the token has already bound it to the access key; there is nothing left to compare. */
const isSessionToken = () => true;

async function lookUp(
  { accessKeyId, sessionToken }: Pick<Authorization, 'accessKeyId' | 'sessionToken'>,
  dialect: AuthDialect,
  iam: IamReplica,
  { region, now }: At,
): Promise<Authentication & { ok: true }> {
  const presented = { accessKeyId, sessionToken, region, now };
  let found = authenticate(iam.view, presented);
  if (!found.ok && found.reason === 'invalid' && LOOKS_REAL.test(accessKeyId)) {
    let unsure: unknown;
    await iam.catchUp().catch((error: unknown) => {
      unsure = error;
    });
    found = authenticate(iam.view, presented);
    // A refusal is final for SDKs; what this zone may only not have heard of yet is worth another attempt.
    if (!found.ok && found.reason === 'invalid' && unsure !== undefined) throw unsure;
  }
  if (!found.ok) throw refusal(found, dialect, accessKeyId);
  return found;
}

/**
 * IAM does not know the temporary credentials of users, of root and of their guests, unless they were made with a second
 * factor (STS API Reference, "Permissions" of GetSessionToken and GetFederationToken).
 */
const isOwnSession = ({ kind, session }: AccountPrincipal): boolean =>
  kind !== 'assumed-role' && session !== undefined && session.mfaAt === undefined;

const LOOKS_REAL = /^(AKIA|ASIA)[A-Z2-7]{16}$/;

const refusal = (failed: Authentication & { ok: false }, dialect: AuthDialect, accessKeyId: string) =>
  failed.reason === 'expired' ? expiredSessionToken(dialect) : unknownAccessKey(dialect, accessKeyId);
