/** The operations that move the bytes of objects. */
import type { AnyOperation } from '@stormglass/service-kit';
import type { S3Deps } from '../../deps.ts';

export const OBJECT_OPERATIONS: readonly AnyOperation<S3Deps>[] = [];
