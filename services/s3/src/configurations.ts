/** How operations change what a bucket is set to. */
import type { ConfigName, Json } from '@stormglass/object-index';
import type { OpenCall } from '@stormglass/service-kit';
import { execute, type S3Deps } from './deps.ts';

/** @param value as it was given, without what JSON does not have; null takes it away */
export async function configure(
  deps: S3Deps,
  call: OpenCall,
  bucket: string,
  name: ConfigName,
  value: object | string | null,
): Promise<object> {
  await execute(deps, call, { type: 'SetBucketConfig', bucket, name, value: plain(value) });
  return {};
}

/** Members without a value are left out, and dates become text. */
const plain = (value: object | string | null): Json => JSON.parse(JSON.stringify(value)) as Json;
