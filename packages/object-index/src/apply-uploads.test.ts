import { describe, expect, it } from 'vitest';
import { PARTS_MAX } from './commands.ts';
import { BUCKET, IndexRig, MIB } from './testing/index-rig.ts';

const UPLOAD = 'upload';

/** A rig with an upload of key `a` that has parts of these sizes, from part 1 on. */
function rigWith(...sizes: readonly number[]): {
  readonly rig: IndexRig;
  readonly parts: { part: number; etag: string }[];
} {
  const rig = new IndexRig();
  rig.createBucket();
  rig.createUpload('a', UPLOAD, { metadata: { x: '1' }, checksum: { algorithm: 'CRC32', type: 'COMPOSITE' } });
  const parts = sizes.map((size, index) => ({ part: index + 1, etag: rig.putPart('a', UPLOAD, index + 1, size) }));
  return { rig, parts };
}

describe('an upload', () => {
  it('becomes an object of its parts, which stay where they are', () => {
    const { rig, parts } = rigWith(5 * MIB, 6 * MIB, 7);
    expect(rig.view.latest(BUCKET, 'a')).toBeUndefined();
    expect(rig.view.usage(BUCKET).uploads).toBe(1);
    const blobs = rig.blobIds();
    const checksum = { algorithm: 'CRC32', value: 'AAAAAA==-3', type: 'COMPOSITE' } as const;
    const completed = rig.done<'CompleteUpload'>(
      rig.completeCommand('a', UPLOAD, parts, { checksum, size: 11 * MIB + 7 }),
    );
    expect(completed).toMatchObject({ etag: 'whole-3', versionId: 'null' });
    expect(rig.object('a')).toMatchObject({
      size: 11 * MIB + 7,
      etag: 'whole-3',
      partsCount: 3,
      metadata: { x: '1' },
      checksum,
    });
    expect(rig.object('a')).not.toHaveProperty('initiated');
    expect([...rig.view.pieces(rig.object('a'))].map(({ part, offset, size }) => [part, offset, size])).toEqual([
      [1, 0, 5 * MIB],
      [2, 5 * MIB, 6 * MIB],
      [3, 11 * MIB, 7],
    ]);
    expect(rig.blobIds()).toEqual(blobs);
    expect([rig.view.upload(UPLOAD), rig.view.usage(BUCKET).uploads]).toEqual([undefined, 0]);
    expect(rig.view.parts(rig.object('a'), 1, 1)).toMatchObject([{ part: 2, size: 6 * MIB, etag: parts[1]!.etag }]);
    rig.delete('a');
    expect([rig.blobIds(), rig.view.hasGarbage]).toEqual([[], false]);
  });

  it('lists its parts, the newest of each number', () => {
    const { rig } = rigWith(10, 20, 30);
    rig.putPart('a', UPLOAD, 2, 21, 'again');
    const upload = rig.view.upload(UPLOAD)!;
    expect(rig.view.parts(upload, 0, 2).map(({ part, size }) => [part, size])).toEqual([
      [1, 10],
      [2, 21],
    ]);
    expect(rig.view.parts(upload, 2, 2)).toMatchObject([{ part: 3, size: 30 }]);
    expect(rig.blobIds()).toHaveLength(3);
    expect(rig.blobIds()).toContain('again');
  });

  it('leaves out the parts that are not named', () => {
    const { rig, parts } = rigWith(5 * MIB, 5 * MIB, 5 * MIB);
    rig.done(rig.completeCommand('a', UPLOAD, [parts[0]!, parts[2]!]));
    expect(rig.object('a')).toMatchObject({ size: 10 * MIB, partsCount: 2 });
    expect([...rig.view.pieces(rig.object('a'))].map(({ part, offset }) => [part, offset])).toEqual([
      [1, 0],
      [3, 5 * MIB],
    ]);
    expect(rig.blobIds()).not.toContain(parts[1]!.etag);
  });

  it('is completed once, and says so again', () => {
    const { rig, parts } = rigWith(7);
    const complete = rig.completeCommand('a', UPLOAD, parts);
    const first = rig.apply(complete);
    expect(first.ok).toBe(true);
    rig.delete('a');
    expect(rig.apply({ ...complete, versionId: 'other' })).toEqual(first);
    expect(rig.view.latest(BUCKET, 'a')).toBeUndefined();
    expect(rig.refused({ ...complete, key: 'b' })).toBe('NoSuchUpload');
    expect(rig.refused({ type: 'AbortUpload', bucket: BUCKET, key: 'a', uploadId: UPLOAD })).toBe('NoSuchUpload');
  });

  it('is aborted once, and says so again', () => {
    const { rig, parts } = rigWith(7, 8);
    const abort = { type: 'AbortUpload', bucket: BUCKET, key: 'a', uploadId: UPLOAD } as const;
    const { initiated } = rig.view.upload(UPLOAD)!;
    expect(rig.refused({ ...abort, ifInitiated: initiated + 1000 })).toBe('PreconditionFailed');
    expect(rig.refused({ ...abort, ifInitiated: initiated })).toBeUndefined();
    expect(rig.refused(abort)).toBeUndefined();
    expect(rig.blobIds()).toEqual([]);
    expect(rig.refused(rig.completeCommand('a', UPLOAD, parts))).toBe('NoSuchUpload');
    const body = { size: 0 };
    const put = { type: 'PutPart', bucket: BUCKET, key: 'a', uploadId: UPLOAD, part: 1, body, etag: 'e' } as const;
    expect(rig.refused(put)).toBe('NoSuchUpload');
  });

  it('forgets after a day how uploads ended', () => {
    const { rig, parts } = rigWith(7);
    const complete = rig.completeCommand('a', UPLOAD, parts);
    rig.done(complete);
    rig.now += 25 * 3_600_000;
    rig.createUpload('b', 'second');
    rig.done({ type: 'AbortUpload', bucket: BUCKET, key: 'b', uploadId: 'second' });
    expect(rig.refused(complete)).toBe('NoSuchUpload');
  });

  it.each<[string, string, (parts: { part: number; etag: string }[]) => { part: number; etag: string }[]]>([
    ['no parts', 'MalformedXML', () => []],
    ['parts out of order', 'InvalidPartOrder', parts => [...parts].reverse()],
    ['a part twice', 'InvalidPartOrder', parts => [parts[0]!, parts[0]!]],
    ['a part that was never uploaded', 'InvalidPart', parts => [...parts, { part: 9, etag: 'e' }]],
    ['another ETag', 'InvalidPart', parts => [{ part: 1, etag: 'other' }, parts[1]!]],
    ['another checksum', 'InvalidPart', parts => [{ ...parts[0]!, checksum: 'AAAA' }, parts[1]!]],
    ['a small part in the middle', 'EntityTooSmall', parts => parts],
  ])('is not completed with %s', (_, code, named) => {
    const { rig, parts } = rigWith(5 * MIB, 5 * MIB - 1, 5 * MIB);
    const before = [...rig.index.snapshot()];
    expect(rig.refused(rig.completeCommand('a', UPLOAD, named(parts)))).toBe(code);
    expect([...rig.index.snapshot()]).toEqual(before);
  });

  it('is not completed with another size, or against its conditions', () => {
    const { rig, parts } = rigWith(7);
    expect(rig.refused(rig.completeCommand('a', UPLOAD, parts, { size: 8 }))).toBe('InvalidRequest');
    expect(rig.refused(rig.completeCommand('a', UPLOAD, parts, { ifMatch: 'e' }))).toBe('NoSuchKey');
    rig.put('a');
    expect(rig.refused(rig.completeCommand('a', UPLOAD, parts, { ifNoneMatch: '*' }))).toBe('PreconditionFailed');
    expect(rig.refused(rig.completeCommand('a', UPLOAD, parts, { ifMatch: 'etag' }))).toBeUndefined();
  });

  it.each([0, -1, 1.5, PARTS_MAX + 1])('has no part %d', part => {
    const { rig } = rigWith();
    const body = { size: 0 };
    const put = { type: 'PutPart', bucket: BUCKET, key: 'a', uploadId: UPLOAD, part, body, etag: 'e' } as const;
    expect(rig.refused(put)).toBe('InvalidArgument');
  });
});

describe('a body of many parts', () => {
  const COUNT = 2_500;
  const { rig, parts } = rigWith(...Array.from({ length: COUNT }, (_, index) => 5 * MIB + (index % 3)));
  rig.done(rig.completeCommand('a', UPLOAD, parts));
  const object = rig.object('a');
  const begins = [...rig.view.pieces(object)].map(({ offset, size }) => ({ offset, size }));

  it('is read from any byte to any other', () => {
    expect(begins).toHaveLength(COUNT);
    const wanted = (from: number, to: number) =>
      begins.flatMap(({ offset, size }, index) => (offset < to && offset + size > from ? [index + 1] : []));
    const middle = begins[1234]!.offset;
    for (const [from, to] of [
      [0, 1],
      [0, object.size],
      [middle - 1, middle],
      [middle - 1, middle + 1],
      [middle, middle + 1],
      [object.size - 1, object.size],
      [middle, object.size + 100],
      [middle, middle],
      [object.size, object.size + 1],
    ] as const)
      expect(
        [...rig.view.pieces(object, from, to)].map(({ part }) => part),
        `${from}-${to}`,
      ).toEqual(wanted(from, to));
  });

  it('that is dropped while it is read ends the reading with an error', () => {
    const reading = rig.view.pieces(object)[Symbol.iterator]();
    reading.next();
    rig.delete('a');
    expect([rig.view.blobTotals().count, rig.view.hasGarbage]).toEqual([1_500, true]);
    rig.done({ type: 'CollectGarbage' });
    const rest = () => {
      while (!reading.next().done);
    };
    expect(rest).toThrow('dropped');
  });

  it('goes in several steps', () => {
    const counts = [rig.view.blobTotals().count];
    for (; rig.view.hasGarbage; counts.push(rig.view.blobTotals().count)) rig.done({ type: 'CollectGarbage' });
    expect(counts).toEqual([500, 0]);
    expect(rig.view.blobTotals()).toEqual({ count: 0, bytes: 0 });
    rig.done({ type: 'CollectGarbage' });
  });
});
