/** Retention and legal holds by the official client: what is locked cannot be deleted. */
import {
  DeleteObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectRetentionCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
  type PutObjectRetentionCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refusal, type S3Host, startS3Host } from '../../testing/s3-host.ts';

let host: S3Host;
let Bucket: string;
beforeAll(async () => {
  host = await startS3Host();
  Bucket = await host.bucket({ ObjectLockEnabledForBucket: true });
});
afterAll(() => host?.close());

const HOUR_MS = 3_600_000;
/** Whole seconds: XML has no more. */
const inHours = (hours: number) => new Date(Math.ceil(Date.now() / 1000) * 1000 + hours * HOUR_MS);
const put = async (Key: string) => (await host.root.send(new PutObjectCommand({ Bucket, Key, Body: Key }))).VersionId!;
const retain = (
  Key: string,
  Retention: PutObjectRetentionCommandInput['Retention'],
  more: Partial<PutObjectRetentionCommandInput> = {},
  as: S3Client = host.root,
) => as.send(new PutObjectRetentionCommand({ Bucket, Key, Retention, ...more }));
const retention = async (Key: string) =>
  (await host.root.send(new GetObjectRetentionCommand({ Bucket, Key }))).Retention;
const remove = (Key: string, VersionId: string, BypassGovernanceRetention?: boolean) =>
  host.root.send(new DeleteObjectCommand({ Bucket, Key, VersionId, BypassGovernanceRetention }));
const LOCKED = refusal('AccessDenied', 403, expect.stringContaining('object protected by object lock'));

describe('retention', () => {
  test('in governance mode can be gone around by who may', async () => {
    const VersionId = await put('governed');
    await expect(retention('governed')).rejects.toMatchObject(
      refusal('NoSuchObjectLockConfiguration', 404, 'The specified object does not have a ObjectLock configuration'),
    );
    const first = { Mode: 'GOVERNANCE', RetainUntilDate: inHours(2) } as const;
    await retain('governed', first);
    expect(await retention('governed')).toEqual(first);
    await expect(remove('governed', VersionId)).rejects.toMatchObject(LOCKED);
    await retain('governed', { ...first, RetainUntilDate: inHours(3) });
    await expect(retain('governed', first)).rejects.toMatchObject(LOCKED);
    const keeper = await host.user('keeper', [{ Effect: 'Allow', Action: 's3:PutObjectRetention', Resource: '*' }]);
    const bypass = { BypassGovernanceRetention: true };
    await expect(retain('governed', first, bypass, keeper)).rejects.toMatchObject(refusal('AccessDenied', 403));
    await retain('governed', first, bypass);
    await remove('governed', VersionId, true);
  });

  test('in compliance mode grows and never shrinks', async () => {
    const VersionId = await put('strict');
    const strict = { Mode: 'COMPLIANCE', RetainUntilDate: inHours(2) } as const;
    await retain('strict', strict);
    const later = { ...strict, RetainUntilDate: inHours(3) };
    await retain('strict', later);
    for (const weaker of [strict, { ...later, Mode: 'GOVERNANCE' } as const, {}]) {
      const asked = retain('strict', weaker, { BypassGovernanceRetention: true });
      await expect(asked, JSON.stringify(weaker)).rejects.toMatchObject(LOCKED);
    }
    await expect(remove('strict', VersionId, true)).rejects.toMatchObject(LOCKED);
    // A delete without a version only hides it.
    await host.root.send(new DeleteObjectCommand({ Bucket, Key: 'strict' }));
  });

  test('can be taken away as long as it is weak', async () => {
    const VersionId = await put('freed');
    await retain('freed', { Mode: 'GOVERNANCE', RetainUntilDate: inHours(2) });
    await retain('freed', {}, { BypassGovernanceRetention: true });
    await remove('freed', VersionId);
  });

  test.each<[string, PutObjectRetentionCommandInput['Retention'], string]>([
    ['of yesterday', { Mode: 'GOVERNANCE', RetainUntilDate: inHours(-24) }, 'InvalidArgument'],
    ['without a date', { Mode: 'GOVERNANCE' }, 'MalformedXML'],
    ['without a mode', { RetainUntilDate: inHours(1) }, 'MalformedXML'],
    ['that is none', undefined, 'MalformedXML'],
  ])('%s is refused', async (_name, given, code) => {
    await put('wrong');
    await expect(retain('wrong', given)).rejects.toMatchObject(refusal(code, 400));
  });
});

test('a legal hold holds until it is let go', async () => {
  const VersionId = await put('held');
  const hold = async () => (await host.root.send(new GetObjectLegalHoldCommand({ Bucket, Key: 'held' }))).LegalHold;
  const set = (Status: 'ON' | 'OFF') =>
    host.root.send(new PutObjectLegalHoldCommand({ Bucket, Key: 'held', LegalHold: { Status } }));
  await expect(hold()).rejects.toMatchObject(refusal('NoSuchObjectLockConfiguration', 404));
  await set('ON');
  expect(await hold()).toEqual({ Status: 'ON' });
  await expect(remove('held', VersionId, true)).rejects.toMatchObject(LOCKED);
  await set('OFF');
  expect(await hold()).toEqual({ Status: 'OFF' });
  await remove('held', VersionId);
});

test('a bucket without locks has neither', async () => {
  const plain = await host.bucket();
  await host.root.send(new PutObjectCommand({ Bucket: plain, Key: 'a', Body: 'a' }));
  const missing = refusal('InvalidRequest', 400, 'Bucket is missing Object Lock Configuration');
  const at = { Bucket: plain, Key: 'a' };
  const Retention = { Mode: 'GOVERNANCE', RetainUntilDate: inHours(1) } as const;
  await expect(host.root.send(new GetObjectRetentionCommand(at))).rejects.toMatchObject(missing);
  await expect(host.root.send(new GetObjectLegalHoldCommand(at))).rejects.toMatchObject(missing);
  await expect(retain('a', Retention, { Bucket: plain })).rejects.toMatchObject(missing);
  const LegalHold = { Status: 'ON' } as const;
  await expect(host.root.send(new PutObjectLegalHoldCommand({ ...at, LegalHold }))).rejects.toMatchObject(missing);
});
