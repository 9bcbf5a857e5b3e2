import { describe, expect, it } from 'vitest';
import type { Retention } from './records.ts';
import { BUCKET, IndexRig } from './testing/index-rig.ts';

const HOUR = 3_600_000;

function lockable(): IndexRig {
  const rig = new IndexRig();
  rig.createBucket({ objectLock: true });
  return rig;
}

const retain = (rig: IndexRig, retention: Retention | null, bypassGovernance = false) =>
  rig.refused({ type: 'SetObjectRetention', bucket: BUCKET, key: 'a', retention, bypassGovernance });

describe('retention', () => {
  it.each([
    ['GOVERNANCE', true],
    ['COMPLIANCE', false],
  ] as const)('in mode %s keeps a version until its time; bypassed: %s', (mode, canBypass) => {
    const rig = lockable();
    const { versionId } = rig.put('a', { retention: { mode, retainUntil: rig.now + HOUR } });
    expect(rig.delete('a', { versionId })).toMatchObject({ ok: false, code: 'AccessDenied' });
    // A marker hides it and harms nothing.
    const marker = rig.delete('a');
    expect(marker).toMatchObject({ ok: true, marker: true });
    expect(rig.delete('a', { versionId }, true).ok).toBe(canBypass);
    rig.now += HOUR;
    expect(rig.delete('a', { versionId }).ok).toBe(true);
    expect(rig.view.version(BUCKET, 'a', versionId)).toBeUndefined();
  });

  it('comes from the bucket unless the object has its own', () => {
    const rig = lockable();
    const set = (defaultRetention: { mode: 'COMPLIANCE'; days?: number; years?: number }) =>
      rig.done({ type: 'SetBucketObjectLock', bucket: BUCKET, config: { defaultRetention } });
    set({ mode: 'COMPLIANCE', days: 2 });
    rig.put('a');
    expect(rig.object('a').retention).toEqual({ mode: 'COMPLIANCE', retainUntil: rig.now + 48 * HOUR });
    set({ mode: 'COMPLIANCE', years: 1 });
    rig.put('a');
    expect(rig.object('a').retention?.retainUntil).toBe(Date.parse('2024-11-14T22:13:25Z'));
    const own = { mode: 'GOVERNANCE', retainUntil: rig.now + HOUR } as const;
    rig.put('a', { retention: own });
    expect(rig.object('a').retention).toEqual(own);
  });

  it('in mode COMPLIANCE is only made longer', () => {
    const rig = lockable();
    const until = rig.now + HOUR;
    rig.put('a', { retention: { mode: 'COMPLIANCE', retainUntil: until } });
    for (const bypass of [false, true]) {
      expect(retain(rig, null, bypass)).toBe('AccessDenied');
      expect(retain(rig, { mode: 'COMPLIANCE', retainUntil: until - 1 }, bypass)).toBe('AccessDenied');
      expect(retain(rig, { mode: 'GOVERNANCE', retainUntil: until + HOUR }, bypass)).toBe('AccessDenied');
    }
    expect(retain(rig, { mode: 'COMPLIANCE', retainUntil: until + HOUR })).toBeUndefined();
  });

  it('in mode GOVERNANCE is weakened by those who may bypass it', () => {
    const rig = lockable();
    const until = rig.now + HOUR;
    rig.put('a', { retention: { mode: 'GOVERNANCE', retainUntil: until } });
    expect(retain(rig, null)).toBe('AccessDenied');
    expect(retain(rig, { mode: 'GOVERNANCE', retainUntil: until - 1 })).toBe('AccessDenied');
    expect(retain(rig, { mode: 'GOVERNANCE', retainUntil: until + 1 })).toBeUndefined();
    expect(retain(rig, { mode: 'GOVERNANCE', retainUntil: until - 1 }, true)).toBeUndefined();
    expect(retain(rig, null, true)).toBeUndefined();
    expect(rig.object('a')).not.toHaveProperty('retention');
  });

  it('ends in the future', () => {
    const rig = lockable();
    const past = { mode: 'GOVERNANCE', retainUntil: rig.now } as const;
    expect(rig.refused(rig.putCommand('a', { retention: past }))).toBe('InvalidArgument');
    rig.put('a');
    expect(retain(rig, past)).toBe('InvalidArgument');
  });
});

it('a legal hold keeps a version until it is taken off, whoever asks', () => {
  const rig = lockable();
  const { versionId } = rig.put('a', { legalHold: true });
  rig.put('a');
  expect(rig.delete('a', { versionId }, true)).toMatchObject({ code: 'AccessDenied' });
  const hold = { type: 'SetObjectLegalHold', bucket: BUCKET, key: 'a', versionId, legalHold: false } as const;
  expect(rig.done<'SetObjectLegalHold'>(hold)).toEqual({ versionId });
  expect(rig.delete('a', { versionId }).ok).toBe(true);
});

it('in a bucket without Object Lock nothing is locked', () => {
  const rig = new IndexRig();
  rig.createBucket();
  rig.put('a');
  const retention = { mode: 'GOVERNANCE', retainUntil: rig.now + HOUR } as const;
  expect(rig.refused(rig.putCommand('a', { legalHold: false }))).toBe('InvalidRequest');
  expect(rig.refused(rig.putCommand('a', { retention }))).toBe('InvalidRequest');
  expect(retain(rig, retention)).toBe('InvalidRequest');
  const hold = { type: 'SetObjectLegalHold', bucket: BUCKET, key: 'a', legalHold: true } as const;
  expect(rig.refused(hold)).toBe('InvalidRequest');
});
