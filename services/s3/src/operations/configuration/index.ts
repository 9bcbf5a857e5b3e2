/** The operations on what buckets are set to. */
import type { AnyOperation } from '@stormglass/service-kit';
import type { S3Deps } from '../../deps.ts';

export const CONFIGURATION_OPERATIONS: readonly AnyOperation<S3Deps>[] = [];
