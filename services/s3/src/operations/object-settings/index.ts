/** The operations on what objects carry beside their bytes. */
import type { AnyOperation } from '@stormglass/service-kit';
import type { S3Deps } from '../../deps.ts';

export const OBJECT_SETTING_OPERATIONS: readonly AnyOperation<S3Deps>[] = [];
