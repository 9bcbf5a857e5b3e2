/** Says until when a version of an object cannot be deleted; an empty retention takes an earlier one away. */
import type { ObjectLockRetention } from '@aws-sdk/client-s3';
import type { Retention } from '@stormglass/object-index';
import { invalidArgument, malformedXml } from '../../errors.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';
import { changeSetting } from './settled-version.ts';

export const putObjectRetention = s3Operation({
  name: 'PutObjectRetention',
  state: 'write',
  isDataEvent: true,
  permission: PERMISSIONS.PutObjectRetention,
  async handle(input, call, deps) {
    const { Retention, BypassGovernanceRetention: bypassGovernance = false } = input;
    if (Retention === undefined) throw malformedXml();
    const retention = givenRetention(Retention, call.now);
    await changeSetting(input, call, deps, { type: 'SetObjectRetention', retention, bypassGovernance });
    return {};
  },
});

function givenRetention({ Mode, RetainUntilDate }: ObjectLockRetention, now: number): Retention | null {
  if (Mode === undefined && RetainUntilDate === undefined) return null;
  if ((Mode !== 'GOVERNANCE' && Mode !== 'COMPLIANCE') || RetainUntilDate === undefined) throw malformedXml();
  if (RetainUntilDate.getTime() <= now) {
    const message = 'The retain until date must be in the future!';
    throw invalidArgument(message, 'RetainUntilDate', RetainUntilDate.toISOString());
  }
  return { mode: Mode, retainUntil: RetainUntilDate.getTime() };
}
