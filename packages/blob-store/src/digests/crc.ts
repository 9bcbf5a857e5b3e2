/**
 * The CRCs that Node does not have: CRC-32C (Castagnoli, RFC 9260 appendix A) and CRC-64/NVME (NVM Express NVM Command Set
 * Specification 1.0d, section 5.2.1.3.4), both reflected, beginning and ending with all bits set.
 */
import { crc32 } from 'node:zlib';
import { crcInstance, DATA_BYTES, TABLE_BYTES } from './crc-module.ts';

export type CrcName = 'crc32' | 'crc32c' | 'crc64nvme';

export interface CrcKind {
  readonly bytes: 4 | 8;
  /** The polynomial, reflected: bit `i` belongs to the power `width - 1 - i`. */
  readonly polynomial: bigint;
}

export const CRC_KINDS: Readonly<Record<CrcName, CrcKind>> = {
  crc32: { bytes: 4, polynomial: 0xedb88320n },
  crc32c: { bytes: 4, polynomial: 0x82f63b78n },
  crc64nvme: { bytes: 8, polynomial: 0x9a6c9329ac4bc9b5n },
};

/** So many bytes are copied and computed at a time: with the tables they stay in the nearest caches. */
const PIECE_BYTES = Math.min(16_384, DATA_BYTES);
const STEP_BYTES = 16;

/** Computes one kind of CRC in pieces: tables and module are made at the first use. */
class CrcEngine {
  readonly #exports = crcInstance();
  readonly #data = new Uint8Array(this.#exports.memory.buffer, TABLE_BYTES, PIECE_BYTES);
  readonly #first: BigUint64Array;

  constructor({ polynomial }: CrcKind) {
    const table = new BigUint64Array(this.#exports.memory.buffer, 0, TABLE_BYTES / 8);
    for (let byte = 0; byte < 256; byte++) {
      let crc = BigInt(byte);
      for (let bit = 0; bit < 8; bit++) crc = (crc & 1n) === 1n ? (crc >> 1n) ^ polynomial : crc >> 1n;
      table[byte] = crc;
    }
    for (let i = 256; i < table.length; i++) {
      const before = table[i - 256]!;
      table[i] = (before >> 8n) ^ table[Number(before & 0xffn)]!;
    }
    this.#first = table.subarray(0, 256);
  }

  /** The register after `bytes`, from the register before. */
  update(register: bigint, bytes: Uint8Array): bigint {
    let crc = register;
    for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
      const piece = bytes.subarray(from, from + PIECE_BYTES);
      const steps = Math.floor(piece.length / STEP_BYTES);
      this.#data.set(piece);
      if (steps > 0) crc = BigInt.asUintN(64, this.#exports.update(crc, TABLE_BYTES, steps));
      for (let i = steps * STEP_BYTES; i < piece.length; i++) {
        crc = (crc >> 8n) ^ this.#first[Number((crc ^ BigInt(piece[i]!)) & 0xffn)]!;
      }
    }
    return crc;
  }
}

const engines = new Map<CrcName, CrcEngine>();

function engineOf(name: CrcName): CrcEngine {
  const engine = engines.get(name) ?? new CrcEngine(CRC_KINDS[name]);
  engines.set(name, engine);
  return engine;
}

/** A CRC in the making. */
export interface CrcSum {
  update(bytes: Uint8Array): void;
  /** Big-endian, 4 or 8 bytes. */
  digest(): Buffer;
}

/** CRC-32 is Node's own; the others are ours. */
export function crcSum(name: CrcName): CrcSum {
  if (name === 'crc32') return nativeSum();
  const { bytes } = CRC_KINDS[name];
  const engine = engineOf(name);
  const ones = BigInt.asUintN(8 * bytes, -1n);
  let register = ones;
  return {
    update(data) {
      register = engine.update(register, data);
    },
    digest: () => crcBytes(register ^ ones, bytes),
  };
}

function nativeSum(): CrcSum {
  let value = 0;
  return {
    update(data) {
      value = crc32(data, value);
    },
    digest: () => crcBytes(BigInt(value), 4),
  };
}

export function crcBytes(value: bigint, bytes: 4 | 8): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(value);
  return out.subarray(8 - bytes);
}
