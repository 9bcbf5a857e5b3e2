/** Random values of a shape, within what all protocols can carry. */
import { pick, type Random, randomInt } from '@stormglass/base';
import { membersOf, type ServiceModel, structureOf } from '../schema/service-model.ts';
import type { Shape } from '../schema/service-schema.ts';

const WORDS = ['a', 'Zed', 'x y', 'q&<>"\'', 'é/ü', '100%', 'a=b', 'plus+', '0', 'a\nb', '__proto__'];
const DEPTH_MAX = 6;

export class RandomShapes {
  readonly #random: Random;
  readonly #model: ServiceModel;

  constructor(random: Random, model: ServiceModel) {
    this.#random = random;
    this.#model = model;
  }

  structure(name: string, depth = 0): Record<string, unknown> {
    const { required, union } = structureOf(this.#model, name);
    let members = membersOf(this.#model, name);
    if (union) members = [pick(this.#random, depth > 3 ? members.slice(0, 2) : members)];
    const out: Record<string, unknown> = {};
    for (const [member, shape] of members) {
      const isNeeded = union === true || required?.includes(member) || shape.idempotencyToken;
      if (shape.streaming || shape.location === 'status') continue;
      if (!isNeeded && this.#random.next() < (depth > 2 ? 0.8 : 0.4)) continue;
      if (depth > DEPTH_MAX && (shape.type === 'structure' || shape.type === 'list' || shape.type === 'map')) continue;
      out[member] = this.#value(shape, depth + 1, shape.location !== undefined && shape.location !== 'payload');
    }
    return out;
  }

  #value(shape: Shape, depth: number, plain: boolean): unknown {
    switch (shape.type) {
      case 'structure':
        return this.structure(shape.name, depth);
      case 'list':
        return Array.from({ length: 1 + randomInt(this.#random, 3) }, () =>
          this.#value(shape.member, depth + 1, plain),
        );
      case 'map':
        return Object.fromEntries(
          Array.from({ length: 1 + randomInt(this.#random, 2) }, (_, i) => [
            `k${i}`,
            this.#value(shape.value, depth + 1, plain),
          ]),
        );
      case 'number':
        return randomInt(this.#random, 1000);
      case 'boolean':
        return this.#random.next() < 0.5;
      case 'timestamp':
        return new Date(1.7e12 + randomInt(this.#random, 1e6) * 1000);
      case 'blob':
        return new Uint8Array(Buffer.from(this.#text(false)));
      case 'bigInteger':
        return 5n;
      case 'bigDecimal':
        return '5';
      case 'document':
        return { doc: 1 };
      case 'string':
        return this.#text(plain);
    }
  }

  // Headers and labels carry less than bodies do: no line breaks, no characters beyond ASCII.
  #text(plain: boolean): string {
    const number = randomInt(this.#random, 1000);
    return plain ? `h${number}` : pick(this.#random, WORDS) + number;
  }
}

/**
 * The same value without what no protocol keeps apart: empty lists, maps and structures are as good as absent, bytes are
 * bytes whatever class holds them.
 */
export function normalize(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (value instanceof Date) return value;
  if (value instanceof String) return String(value);
  if (Array.isArray(value)) return value.map(normalize).filter(item => !isEmpty(item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([key]) => key !== '$metadata')
    .map(([key, item]) => [key, normalize(item)] as const)
    .filter(([, item]) => !isEmpty(item));
  return Object.fromEntries(entries);
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'object' && !(value instanceof Date) && Object.keys(value).length === 0);
