/**
 * The control plane of a service is gone: what changes something is refused, and what answers calls with what is there
 * goes on. Of IAM this is what its loss means: no roles are made, and roles are assumed all the same.
 */
import type { CallRule } from './call-faults.ts';
import { FaultSettingsError } from './link-fault.ts';

/** Services whose changes have one control plane. */
const TOGETHER: Readonly<Record<string, readonly string[]>> = { iam: ['iam', 'account'] };
const NAME = /^[\w-]{1,64}$/;

/** @throws FaultSettingsError when the name is none of a service's */
export function parseControlPlaneOutage(settings: Readonly<Record<string, unknown>>): { readonly service: string } {
  const { service = 'iam' } = settings;
  if (typeof service === 'string' && NAME.test(service)) return { service };
  throw new FaultSettingsError(`service must be a text that matches ${NAME.source}`);
}

/** The rules that bring it about. */
export const controlPlaneRules = (service: string): readonly CallRule[] =>
  (TOGETHER[service] ?? [service]).map(each => ({
    service: each,
    access: 'control',
    error: { statusCode: 503, code: 'ServiceUnavailable' },
  }));
