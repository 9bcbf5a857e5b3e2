/** What buckets are set to: put, told and taken back by the official client, and what is refused in S3's words. */
import * as sdk from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusal, type S3Host, startS3Host } from '../../testing/s3-host.ts';

let host: S3Host;
let Bucket: string;
beforeAll(async () => {
  host = await startS3Host();
});
afterAll(() => host.close());
beforeEach(async () => {
  Bucket = await host.bucket();
});

const send = <In extends sdk.ServiceInputTypes, Out extends sdk.ServiceOutputTypes>(
  command: Parameters<typeof host.root.send<In, Out>>[0],
) => host.root.send(command);
const refused = (call: Promise<unknown>, ...how: Parameters<typeof refusal>) =>
  expect(call).rejects.toMatchObject(refusal(...how));

describe('versioning', () => {
  it('is off, on, or suspended', async () => {
    const status = async () => (await send(new sdk.GetBucketVersioningCommand({ Bucket }))).Status;
    const set = (Status: sdk.BucketVersioningStatus) =>
      send(new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
    expect(await status()).toBeUndefined();
    await set('Enabled');
    expect(await status()).toBe('Enabled');
    await set('Suspended');
    expect(await status()).toBe('Suspended');
  });

  it('says what is missing', async () => {
    const put = (VersioningConfiguration: sdk.VersioningConfiguration) =>
      send(new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    await refused(put({}), 'IllegalVersioningConfigurationException', 400, 'The Versioning element must be specified');
    await refused(put({ Status: 'Enabled', MFADelete: 'Enabled' }), 'NotImplemented', 501);
  });
});

describe('policy', () => {
  const document = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: statement });
  const put = (Policy: string) => send(new sdk.PutBucketPolicyCommand({ Bucket, Policy }));
  const all = () => [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`];
  const allow = (more: object) => document({ Effect: 'Allow', Action: 's3:GetObject', Resource: all(), ...more });

  it('is given back as it was, and taken away', async () => {
    await refused(
      send(new sdk.GetBucketPolicyCommand({ Bucket })),
      'NoSuchBucketPolicy',
      404,
      'The bucket policy does not exist',
    );
    const text = allow({ Principal: { AWS: '111122223333' } });
    await put(text);
    expect((await send(new sdk.GetBucketPolicyCommand({ Bucket }))).Policy).toBe(text);
    const status = await send(new sdk.GetBucketPolicyStatusCommand({ Bucket }));
    expect(status.PolicyStatus?.IsPublic).toBe(false);
    await send(new sdk.DeleteBucketPolicyCommand({ Bucket }));
    await refused(send(new sdk.GetBucketPolicyCommand({ Bucket })), 'NoSuchBucketPolicy', 404);
  });

  const someone = { Principal: { AWS: '111122223333' } };
  it.each<[string, string | (() => string), string]>([
    ['no JSON', 'nonsense', "Policies must be valid JSON and the first byte must be '{'"],
    ['white space before it', ' {}', "Policies must be valid JSON and the first byte must be '{'"],
    ['another bucket', () => allow({ ...someone, Resource: 'arn:aws:s3:::another/*' }), 'Policy has invalid resource'],
    ['an action of nobody', () => allow({ ...someone, Action: 's3:GetNothing' }), 'Policy has invalid action'],
    ['an action without a service', () => allow({ ...someone, Action: 'GetObject' }), 'Policy has invalid action'],
    [
      'an action on objects, for the bucket',
      () => allow({ ...someone, Resource: `arn:aws:s3:::${Bucket}` }),
      'Action does not apply to any resource(s) in statement',
    ],
    ['nobody', () => allow({}), 'Missing required field Principal'],
    [
      'somebody who is not there',
      () => allow({ Principal: { AWS: 'arn:aws:iam::123456789012:user/nobody' } }),
      'Invalid principal in policy',
    ],
    ['no resource', () => allow({ ...someone, Resource: undefined }), 'Missing required field Resource'],
    ['no effect', () => allow({ ...someone, Effect: undefined }), 'Missing required field Effect'],
    ['something else', () => allow({ ...someone, Color: 'red' }), 'Invalid policy syntax.'],
  ])('with %s is malformed', async (_what, text, message) => {
    await refused(put(typeof text === 'string' ? text : text()), 'MalformedPolicy', 400, message);
  });

  it('is public only where that is not blocked', async () => {
    const text = allow({ Principal: '*' });
    await refused(put(text), 'AccessDenied', 403, /public policies are prevented by the BlockPublicPolicy setting/);
    await put(allow({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': '111122223333' } } }));
    await send(new sdk.DeletePublicAccessBlockCommand({ Bucket }));
    await put(text);
    const status = await send(new sdk.GetBucketPolicyStatusCommand({ Bucket }));
    expect(status.PolicyStatus?.IsPublic).toBe(true);
  });
});

describe('ownership, lists and the block of public access', () => {
  it('new buckets have owners that own all, and block what is public', async () => {
    const { OwnershipControls } = await send(new sdk.GetBucketOwnershipControlsCommand({ Bucket }));
    expect(OwnershipControls?.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerEnforced' }]);
    const { PublicAccessBlockConfiguration } = await send(new sdk.GetPublicAccessBlockCommand({ Bucket }));
    expect(PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    });
    await refused(
      send(new sdk.PutBucketAclCommand({ Bucket, ACL: 'private' })),
      'AccessControlListNotSupported',
      400,
      'The bucket does not allow ACLs',
    );
    const acl = await send(new sdk.GetBucketAclCommand({ Bucket }));
    expect(acl.Grants).toEqual([{ Grantee: { Type: 'CanonicalUser', ID: acl.Owner?.ID }, Permission: 'FULL_CONTROL' }]);
  });

  it('lists count once owners want them to', async () => {
    const own = (ObjectOwnership: sdk.ObjectOwnership) =>
      send(new sdk.PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: { Rules: [{ ObjectOwnership }] } }));
    const put = (acl: Partial<sdk.PutBucketAclCommandInput>) => send(new sdk.PutBucketAclCommand({ Bucket, ...acl }));
    await own('BucketOwnerPreferred');
    await refused(put({ ACL: 'public-read' }), 'AccessDenied', 403, /BlockPublicAcls/);
    await refused(put({}), 'MissingSecurityHeader', 400);
    await refused(put({ ACL: 'private', GrantRead: 'id=x' }), 'InvalidRequest', 400);
    await refused(put({ GrantRead: 'id=x' }), 'InvalidArgument', 400, 'Invalid id');
    await refused(put({ GrantRead: 'uri="http://example.com"' }), 'InvalidArgument', 400, 'Invalid group uri');
    await refused(put({ GrantRead: 'emailAddress="a@example.com"' }), 'UnresolvableGrantByEmailAddress', 400);
    const id = 'ab'.repeat(32);
    await put({ GrantRead: `id="${id}"`, GrantWrite: 'uri="http://acs.amazonaws.com/groups/s3/LogDelivery"' });
    const { Grants } = await send(new sdk.GetBucketAclCommand({ Bucket }));
    expect(Grants).toEqual([
      { Grantee: { Type: 'CanonicalUser', ID: id }, Permission: 'READ' },
      { Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/s3/LogDelivery' }, Permission: 'WRITE' },
    ]);
    await refused(own('BucketOwnerEnforced'), 'InvalidBucketAclWithObjectOwnership', 400);
    await put({ ACL: 'private' });
    await own('BucketOwnerEnforced');
  });

  it('takes a list as a document, of its owner', async () => {
    await send(new sdk.DeleteBucketOwnershipControlsCommand({ Bucket }));
    await refused(send(new sdk.GetBucketOwnershipControlsCommand({ Bucket })), 'OwnershipControlsNotFoundError', 404);
    const { Owner } = await send(new sdk.GetBucketAclCommand({ Bucket }));
    const Grants: sdk.Grant[] = [{ Grantee: { Type: 'CanonicalUser', ID: Owner!.ID }, Permission: 'READ' }];
    const put = (AccessControlPolicy: sdk.AccessControlPolicy) =>
      send(new sdk.PutBucketAclCommand({ Bucket, AccessControlPolicy }));
    await put({ Owner, Grants });
    expect((await send(new sdk.GetBucketAclCommand({ Bucket }))).Grants).toEqual(Grants);
    await refused(put({ Owner: { ID: 'cd'.repeat(32) }, Grants }), 'AccessDenied', 403);
  });

  it('no longer blocks what it is told not to', async () => {
    await send(
      new sdk.PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { BlockPublicAcls: true } }),
    );
    const { PublicAccessBlockConfiguration } = await send(new sdk.GetPublicAccessBlockCommand({ Bucket }));
    expect(PublicAccessBlockConfiguration).toMatchObject({ BlockPublicAcls: true, BlockPublicPolicy: false });
    await send(new sdk.DeletePublicAccessBlockCommand({ Bucket }));
    await refused(send(new sdk.GetPublicAccessBlockCommand({ Bucket })), 'NoSuchPublicAccessBlockConfiguration', 404);
  });
});

describe('encryption', () => {
  const put = (rule: sdk.ServerSideEncryptionRule) =>
    send(new sdk.PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } }));

  it('is with the key of the region, always', async () => {
    const usual = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }];
    const told = async () =>
      (await send(new sdk.GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration?.Rules;
    expect(await told()).toEqual(usual);
    await put({ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } });
    expect(await told()).toEqual(usual);
    await send(new sdk.DeleteBucketEncryptionCommand({ Bucket }));
    await refused(put({ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }), 'NotImplemented', 501);
    await refused(put({}), 'MalformedXML', 400);
  });
});

describe('tagging', () => {
  const put = (TagSet: sdk.Tag[]) => send(new sdk.PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));

  it('replaces all tags', async () => {
    await refused(send(new sdk.GetBucketTaggingCommand({ Bucket })), 'NoSuchTagSet', 404, 'The TagSet does not exist');
    await put([{ Key: 'a', Value: '1' }]);
    await put([{ Key: 'b', Value: '' }]);
    expect((await send(new sdk.GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual([{ Key: 'b', Value: '' }]);
    await send(new sdk.DeleteBucketTaggingCommand({ Bucket }));
    await refused(send(new sdk.GetBucketTaggingCommand({ Bucket })), 'NoSuchTagSet', 404);
  });

  it('refuses what cannot be a tag', async () => {
    const tag = (Key: string) => ({ Key, Value: 'x' });
    await refused(put([tag('a'), tag('a')]), 'InvalidTag', 400, 'Cannot provide multiple Tags with the same key');
    await refused(put([tag('aws:x')]), 'InvalidTag', 400, 'System tags cannot be added/updated by requester');
    await refused(put([tag('a<b')]), 'InvalidTag', 400);
    await refused(put(Array.from({ length: 51 }, (_, i) => tag(`t${i}`))), 'BadRequest', 400);
  });
});

describe('lifecycle', () => {
  const put = (...Rules: sdk.LifecycleRule[]) =>
    send(new sdk.PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
  const rule = (more: Partial<sdk.LifecycleRule>): sdk.LifecycleRule => ({
    ID: 'r',
    Status: 'Enabled',
    Filter: { Prefix: 'logs/' },
    ...more,
  });

  it('keeps rules as they are', async () => {
    await refused(
      send(new sdk.GetBucketLifecycleConfigurationCommand({ Bucket })),
      'NoSuchLifecycleConfiguration',
      404,
    );
    const rules = [
      rule({ ID: 'a', Expiration: { Days: 3 } }),
      rule({ ID: 'b', Expiration: { Date: new Date('2030-01-01T00:00:00Z') } }),
      rule({ ID: 'c', NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 2 } }),
      rule({ ID: 'd', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }),
    ];
    await put(...rules);
    const told = await send(new sdk.GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(told.Rules).toEqual(rules);
    await send(new sdk.DeleteBucketLifecycleCommand({ Bucket }));
    await refused(
      send(new sdk.GetBucketLifecycleConfigurationCommand({ Bucket })),
      'NoSuchLifecycleConfiguration',
      404,
    );
  });

  it.each<[string, sdk.LifecycleRule[], string, number, string | undefined]>([
    ['nothing to do', [rule({})], 'InvalidRequest', 400, 'At least one action needs to be specified in a rule'],
    [
      'no days',
      [rule({ Expiration: { Days: 0 } })],
      'InvalidArgument',
      400,
      "'Days' for Expiration action must be a positive integer",
    ],
    [
      'half a day',
      [rule({ Expiration: { Date: new Date('2030-01-01T12:00:00Z') } })],
      'InvalidArgument',
      400,
      "'Date' must be at midnight GMT",
    ],
    [
      'days and a date',
      [rule({ Expiration: { Days: 1, Date: new Date('2030-01-01') } })],
      'MalformedXML',
      400,
      undefined,
    ],
    [
      'an id twice',
      [rule({ Expiration: { Days: 1 } }), rule({ Expiration: { Days: 2 } })],
      'InvalidArgument',
      400,
      'Rule ID must be unique. Found same ID for more than one rule',
    ],
    ['a transition', [rule({ Transitions: [{ Days: 1, StorageClass: 'GLACIER' }] })], 'NotImplemented', 501, undefined],
    [
      'two filters',
      [rule({ Filter: { Prefix: 'a', ObjectSizeLessThan: 3 }, Expiration: { Days: 1 } })],
      'MalformedXML',
      400,
      undefined,
    ],
    ['prefix and filter', [rule({ Prefix: 'a', Expiration: { Days: 1 } })], 'MalformedXML', 400, undefined],
  ])('refuses %s', async (_what, rules, name, status, message) => {
    await refused(put(...rules), name, status, message);
  });
});

describe('object lock', () => {
  const put = (Rule?: sdk.ObjectLockRule) =>
    send(
      new sdk.PutObjectLockConfigurationCommand({
        Bucket,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', ...(Rule && { Rule }) },
      }),
    );

  it('wants versions, and stays', async () => {
    await refused(
      send(new sdk.GetObjectLockConfigurationCommand({ Bucket })),
      'ObjectLockConfigurationNotFoundError',
      404,
    );
    await refused(put(), 'InvalidBucketState', 409);
    await send(new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    await put({ DefaultRetention: { Mode: 'GOVERNANCE', Days: 3 } });
    expect((await send(new sdk.GetObjectLockConfigurationCommand({ Bucket }))).ObjectLockConfiguration).toEqual({
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 3 } },
    });
    const suspend = new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } });
    await refused(send(suspend), 'InvalidBucketState', 409);
    await refused(put({ DefaultRetention: { Mode: 'GOVERNANCE', Days: 1, Years: 1 } }), 'MalformedXML', 400);
    await refused(
      put({ DefaultRetention: { Mode: 'COMPLIANCE', Days: 0 } }),
      'InvalidArgument',
      400,
      'Default retention period must be a positive integer value.',
    );
    await refused(
      put({ DefaultRetention: { Mode: 'COMPLIANCE', Years: 101 } }),
      'InvalidArgument',
      400,
      'Default retention period too large.',
    );
  });

  it('comes with the bucket that asks for it', async () => {
    const locked = await host.bucket({ ObjectLockEnabledForBucket: true });
    const { ObjectLockConfiguration } = await send(new sdk.GetObjectLockConfigurationCommand({ Bucket: locked }));
    expect(ObjectLockConfiguration).toEqual({ ObjectLockEnabled: 'Enabled' });
  });
});

describe('notifications', () => {
  const put = (NotificationConfiguration: sdk.NotificationConfiguration) =>
    send(new sdk.PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
  const told = async () => {
    const { EventBridgeConfiguration } = await send(new sdk.GetBucketNotificationConfigurationCommand({ Bucket }));
    return EventBridgeConfiguration;
  };

  it('go to the stream of events, or nowhere', async () => {
    expect(await told()).toBeUndefined();
    await put({ EventBridgeConfiguration: {} });
    expect(await told()).toEqual({});
    await put({});
    expect(await told()).toBeUndefined();
    const QueueConfigurations = [
      { QueueArn: 'arn:aws:sqs:us-east-1:123456789012:q', Events: ['s3:ObjectCreated:*' as const] },
    ];
    await refused(put({ QueueConfigurations }), 'NotImplemented', 501);
  });
});

describe('what is always so', () => {
  it('is told, and cannot be changed', async () => {
    expect((await send(new sdk.GetBucketRequestPaymentCommand({ Bucket }))).Payer).toBe('BucketOwner');
    const pay = (Payer: sdk.Payer) =>
      send(new sdk.PutBucketRequestPaymentCommand({ Bucket, RequestPaymentConfiguration: { Payer } }));
    await pay('BucketOwner');
    await refused(pay('Requester'), 'NotImplemented', 501);
    const accelerate = (Status: sdk.BucketAccelerateStatus) =>
      send(new sdk.PutBucketAccelerateConfigurationCommand({ Bucket, AccelerateConfiguration: { Status } }));
    await accelerate('Suspended');
    expect((await send(new sdk.GetBucketAccelerateConfigurationCommand({ Bucket }))).Status).toBe('Suspended');
    await refused(accelerate('Enabled'), 'NotImplemented', 501);
    expect((await send(new sdk.GetBucketLoggingCommand({ Bucket }))).LoggingEnabled).toBeUndefined();
    const log = (BucketLoggingStatus: sdk.BucketLoggingStatus) =>
      send(new sdk.PutBucketLoggingCommand({ Bucket, BucketLoggingStatus }));
    await log({});
    await refused(log({ LoggingEnabled: { TargetBucket: Bucket, TargetPrefix: '' } }), 'NotImplemented', 501);
    await refused(send(new sdk.GetBucketWebsiteCommand({ Bucket })), 'NoSuchWebsiteConfiguration', 404);
    await refused(send(new sdk.GetBucketReplicationCommand({ Bucket })), 'ReplicationConfigurationNotFoundError', 404);
  });

  it('has no websites to make', async () => {
    const WebsiteConfiguration = { IndexDocument: { Suffix: 'index.html' } };
    await refused(send(new sdk.PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration })), 'NotImplemented', 501);
  });
});
