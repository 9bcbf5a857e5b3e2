/** The operations on buckets themselves. */
import type { AnyOperation } from '@stormglass/service-kit';
import type { S3Deps } from '../../deps.ts';

export const BUCKET_OPERATIONS: readonly AnyOperation<S3Deps>[] = [];
