/**
 * Chance as a value. Handlers draw ids and times from here and put them in the command, so that every replica computes
 * the same answer; tests and simulations pass a seeded source.
 */
import { randomFillSync } from 'node:crypto';

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** `count` fresh random bytes. */
  bytes(count: number): Uint8Array;
}

const POOL_BYTES = 8192;

class SystemRandom implements Random {
  // Random bytes are drawn in blocks: one system call serves hundreds of ids.
  readonly #pool = new Uint8Array(POOL_BYTES);
  #used = POOL_BYTES;

  next(): number {
    const b = this.bytes(6);
    return (((b[0]! << 16) | (b[1]! << 8) | b[2]!) * 2 ** 24 + ((b[3]! << 16) | (b[4]! << 8) | b[5]!)) / 2 ** 48;
  }

  bytes(count: number): Uint8Array {
    if (count > POOL_BYTES) return randomFillSync(new Uint8Array(count));
    if (this.#used + count > POOL_BYTES) {
      randomFillSync(this.#pool);
      this.#used = 0;
    }
    const out = this.#pool.slice(this.#used, this.#used + count);
    this.#pool.fill(0, this.#used, this.#used + count);
    this.#used += count;
    return out;
  }
}

/** Cryptographically strong randomness of the operating system. */
export const systemRandom: Random = new SystemRandom();

/**
 * Deterministic randomness: xoshiro128** seeded by splitmix32 (Blackman and Vigna, "Scrambled linear pseudorandom
 * number generators", 2018). For tests, simulation and fault draws; never for secrets.
 */
export function seededRandom(seed: number): Random {
  let mix = seed | 0;
  const splitmix = () => {
    mix = (mix + 0x9e3779b9) | 0;
    let z = mix ^ (mix >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  let a = splitmix();
  let b = splitmix();
  let c = splitmix();
  let d = splitmix();
  const rotl = (x: number, k: number) => (x << k) | (x >>> (32 - k));
  const next32 = () => {
    const result = Math.imul(rotl(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotl(d, 11);
    return result;
  };
  return {
    // The half step keeps draws off zero, so that -ln(u) is always finite.
    next: () => (next32() + 0.5) / 2 ** 32,
    bytes(count) {
      const out = new Uint8Array(count);
      for (let i = 0; i < count; i++) out[i] = next32() >>> 24;
      return out;
    },
  };
}

/** Uniform whole number in [0, bound). */
export const randomInt = (random: Random, bound: number): number => Math.floor(random.next() * bound);

/** One element of a non-empty list. */
export function pick<T>(random: Random, items: readonly T[]): T {
  if (items.length === 0) throw new RangeError('pick from an empty list');
  return items[randomInt(random, items.length)]!;
}
