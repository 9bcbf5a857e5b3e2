/**
 * The one loop that is too slow in JavaScript: a reflected CRC of up to 64 bits, sixteen bytes a step ("slicing": Kounavis
 * and Berry, "A Systematic Approach to Building High Performance Software-Based CRC Generators", 2005), as WebAssembly.
 * In its text form the module is
 *
 *     (memory (export "memory") 1)
 *     (func (export "update") (param $crc i64) (param $at i32) (param $count i32) (result i64) (local $a i64)
 *       (loop
 *         $a = $crc ^ load64($at)
 *         $crc = T[15][byte 0 of $a] ^ T[14][byte 1 of $a] ^ ... ^ T[8][byte 7 of $a]
 *              ^ T[7][load8($at + 8)] ^ ... ^ T[0][load8($at + 15)]
 *         $at += 16; $count -= 1; repeat while $count != 0))
 *
 * where T[k] are 256 numbers of 64 bits at 2048 k, and `$count` is in steps of sixteen bytes, at least one. It is put
 * together here from its instructions (WebAssembly Core Specification 2.0, chapter 5), so that nothing needs building.
 */

const MEMORY_PAGES = 1;
const I32 = 0x7f;
const I64 = 0x7e;
const CRC = 0;
const AT = 1;
const COUNT = 2;
const A = 3;

/** Unsigned LEB128. */
function unsigned(value: number): number[] {
  const low = value & 0x7f;
  return value < 0x80 ? [low] : [low | 0x80, ...unsigned(value >>> 7)];
}

/** Signed LEB128 of a number that is not negative. */
const signed = (value: number): number[] => (value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)]);

const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const i32 = (value: number) => [0x41, ...signed(value)];
const i64 = (value: number) => [0x42, ...signed(value)];
const load64 = (offset: number, alignment: number) => [0x29, alignment, ...unsigned(offset)];
const load8 = (offset: number) => [0x2d, 0, ...unsigned(offset)];
const I32_SUB = [0x6b];
const I32_ADD = [0x6a];
const I32_SHL = [0x74];
const I64_AND = [0x83];
const I64_XOR = [0x85];
const I64_SHL = [0x86];
const I64_SHR = [0x88];
const I32_WRAP = [0xa7];

/** `T[table][byte of $a]`. */
const lookUpRegister = (byte: number, table: number): number[] => [
  ...get(A),
  // Shifted so that the byte stands three bits high: the address of a number of 64 bits.
  ...(byte === 0 ? [...i64(3), ...I64_SHL] : [...i64(8 * byte - 3), ...I64_SHR]),
  ...i64(0x7f8),
  ...I64_AND,
  ...I32_WRAP,
  ...load64(2048 * table, 3),
];

/** `T[table][byte at $at + offset]`. */
const lookUpData = (offset: number, table: number): number[] => [
  ...get(AT),
  ...load8(offset),
  ...i32(3),
  ...I32_SHL,
  ...load64(2048 * table, 3),
];

const BYTES = [0, 1, 2, 3, 4, 5, 6, 7];
const LOOK_UPS = [
  ...BYTES.map(byte => lookUpRegister(byte, 15 - byte)),
  ...BYTES.map(byte => lookUpData(8 + byte, 7 - byte)),
];

/** All of them, exclusive-or in pairs of pairs: in a row, each would wait for the one before. */
function combined(parts: readonly number[][]): number[] {
  if (parts.length === 1) return parts[0]!;
  const half = parts.length / 2;
  return [...combined(parts.slice(0, half)), ...combined(parts.slice(half)), ...I64_XOR];
}

const BODY = [
  ...[0x03, 0x40], // loop
  ...[...get(CRC), ...get(AT), ...load64(0, 0), ...I64_XOR, ...set(A)],
  ...combined(LOOK_UPS),
  ...set(CRC),
  ...[...get(AT), ...i32(16), ...I32_ADD, ...set(AT)],
  ...[...get(COUNT), ...i32(1), ...I32_SUB, 0x22, COUNT], // sub, tee
  ...[0x0d, 0x00, 0x0b], // br_if, end
  ...get(CRC),
  0x0b,
];

const section = (id: number, content: readonly number[]) => [id, ...unsigned(content.length), ...content];
const name = (text: string) => [text.length, ...Buffer.from(text)];
const FUNCTION = [1, 1, I64, ...BODY];

const MODULE = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...section(1, [1, 0x60, 3, I64, I32, I32, 1, I64]),
  ...section(3, [1, 0]),
  ...section(5, [1, 0, MEMORY_PAGES]),
  ...section(7, [2, ...name('update'), 0, 0, ...name('memory'), 2, 0]),
  ...section(10, [1, ...unsigned(FUNCTION.length), ...FUNCTION]),
]);

/** What is used of `WebAssembly`, which Node's types leave to those of browsers. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: CrcExports };
};

export interface CrcExports {
  /** The tables first, then room for data. */
  readonly memory: { readonly buffer: ArrayBuffer };
  update(crc: bigint, at: number, steps: number): bigint;
}

/** The tables of a CRC: sixteen times 256 numbers. */
export const TABLE_BYTES = 16 * 2048;
export const DATA_BYTES = MEMORY_PAGES * 65_536 - TABLE_BYTES;

let compiled: object | undefined;

/** A memory of its own, with the tables still empty. */
export function crcInstance(): CrcExports {
  compiled ??= new WebAssembly.Module(MODULE);
  return new WebAssembly.Instance(compiled).exports;
}
