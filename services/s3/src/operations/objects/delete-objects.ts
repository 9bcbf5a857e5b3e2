/** Deletes many objects with as few commands as carry their keys; each is allowed, locked or missing by itself. */
import type { DeletedObject, ObjectIdentifier } from '@aws-sdk/client-s3';
import { AwsError } from '@stormglass/aws-wire';
import { type Deleted, OBJECTS_PER_DELETE_MAX, type ObjectToDelete } from '@stormglass/object-index';
import type { OpenCall } from '@stormglass/service-kit';
import { requestedChecksums } from '../../checksums/requested.ts';
import { execute, type S3Deps } from '../../deps.ts';
import { malformedXml, s3Problem } from '../../errors.ts';
import { headOfRequest } from '../../headers/header-value.ts';
import { objectToDelete } from '../../object-data/deletions.ts';
import { freshBucket } from '../../object-data/fresh.ts';
import { DELETE_ONE, demand } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const deleteObjects = s3Operation({
  name: 'DeleteObjects',
  state: 'write',
  isDataEvent: true,
  // Each key needs a permission of its own, and those that have none are answered as errors among the others.
  permission: 'none',
  gaps: ['There is no MFA delete.'],
  async handle(input, call, deps) {
    const { Bucket, Delete, BypassGovernanceRetention, ExpectedBucketOwner } = input;
    const { algorithm, md5 } = requestedChecksums(headOfRequest(call.request).header);
    if (algorithm === undefined && md5 === undefined)
      throw s3Problem('InvalidRequest', 'Missing required header for this request: Content-MD5');
    const named = Delete.Objects ?? [];
    if (named.length === 0 || named.length > OBJECTS_PER_DELETE_MAX) throw malformedXml();
    const bucket = await freshBucket(deps, call, Bucket);
    const common = { Bucket, ExpectedBucketOwner, BypassGovernanceRetention };
    const refusals = await Promise.all(named.map(each => refusal({ ...common, ...each }, call, deps)));
    const allowed = named.filter((_, at) => refusals[at] === undefined);
    const done: Deleted[] = [];
    for (const [n, objects] of inCommands(allowed.map(each => objectToDelete({ ...each, Key: each.Key! }, deps)))) {
      const commandId = n === 0 ? call.commandId : call.commandId && `${call.commandId}/${n}`;
      const deleted = await execute(
        deps,
        { ...call, commandId },
        {
          ...{ type: 'DeleteObjects', bucket: Bucket, objects, owner: bucket.account },
          ...(BypassGovernanceRetention === true ? { bypassGovernance: true } : {}),
        },
      );
      done.push(...deleted);
    }
    const results = new Map(allowed.map((each, at) => [each, done[at]!]));
    const answers = named.map((each, at) => ({ each, done: results.get(each) ?? refusals[at]! }));
    const deleted = answers.flatMap(answer => (isDone(answer.done) ? [shown(answer.each, answer.done)] : []));
    return {
      ...(Delete.Quiet === true ? {} : { Deleted: deleted }),
      Errors: answers.flatMap(answer => (isDone(answer.done) ? [] : [failure(answer.each, answer.done)])),
    };
  },
});

/** Far below what an entry of the log may have, whatever escapes the keys need in it. */
const COMMAND_CHARACTERS = 200_000;

/** Numbered, from 0. */
function inCommands(objects: readonly ObjectToDelete[]): [number, ObjectToDelete[]][] {
  const commands: [number, ObjectToDelete[]][] = [];
  let left = 0;
  for (const object of objects) {
    const { length } = JSON.stringify(object);
    if (left < length) {
      commands.push([commands.length, []]);
      left = COMMAND_CHARACTERS;
    }
    commands.at(-1)![1].push(object);
    left -= length;
  }
  return commands;
}

type Failed = { readonly code: string; readonly message: string };

const isDone = (done: Deleted | Failed): done is Deleted & { readonly ok: true } => 'ok' in done && done.ok;

async function refusal(
  input: ObjectIdentifier & { readonly Bucket: string },
  call: OpenCall,
  deps: S3Deps,
): Promise<AwsError | undefined> {
  try {
    for (const permission of DELETE_ONE) await demand(permission, input, call, deps);
    return undefined;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'AccessDenied') return error;
    throw error;
  }
}

function shown(
  { Key, VersionId }: ObjectIdentifier,
  { marker, versionId }: Deleted & { readonly ok: true },
): DeletedObject {
  return {
    Key,
    ...(VersionId === undefined ? {} : { VersionId }),
    ...(marker ? { DeleteMarker: true, DeleteMarkerVersionId: versionId } : {}),
  };
}

const failure = ({ Key, VersionId }: ObjectIdentifier, { code, message }: Failed) => ({
  Key,
  ...(VersionId === undefined ? {} : { VersionId }),
  Code: code,
  Message: message,
});
