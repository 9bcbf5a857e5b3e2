/**
 * Parameters and answers of calls as CloudTrail shows them: keys begin with a small letter, times are written as AWS
 * writes them there, and what the model calls sensitive is left out. Compiled once for each structure.
 */
import type { ServiceModel, Shape } from '@stormglass/aws-wire';
import { awsDate } from './times.ts';

type Show = (value: unknown) => unknown;
type Shown = Record<string, unknown>;

/**
 * Secrets whose members are not marked in every model. Session tokens are shown, as AWS does: without the secret key
 * they are worth nothing.
 */
const SECRET =
  /^(?:secretaccesskey|password|oldpassword|newpassword|privatekey|.*passphrase|webidentitytoken|samlassertion)$/i;

export class Elements {
  readonly #model: ServiceModel;
  readonly #structures = new Map<string, (value: Shown) => Shown>();

  constructor(model: ServiceModel) {
    this.#model = model;
  }

  /** `value`, an instance of `structure`, for an event; null when there is nothing to show. */
  of(structure: string | undefined, value: object | undefined): Shown | null {
    if (structure === undefined || value === undefined) return null;
    const shown = this.#structure(structure)(value as Shown);
    for (const _ in shown) return shown;
    return null;
  }

  #structure(name: string): (value: Shown) => Shown {
    const known = this.#structures.get(name);
    if (known !== undefined) return known;
    const members = Object.entries(this.#model.structures.get(name)?.members ?? {})
      .filter(([member, shape]) => shape.sensitive !== true && !SECRET.test(member))
      // Structures may contain themselves, so what is inside is compiled when it is met.
      .map(([member, shape]) => ({ member, key: this.#keyOf(member), show: lazy(() => this.#show(shape)) }));
    const show = (value: Shown): Shown => {
      const shown: Shown = {};
      for (const each of members) {
        const found = value[each.member];
        if (found === undefined || found === null) continue;
        const element = each.show(found);
        if (element !== undefined) shown[each.key] = element;
      }
      return shown;
    };
    this.#structures.set(name, show);
    return show;
  }

  #keyOf(member: string): string {
    return this.#model.id === 's3' && member === 'Bucket' ? 'bucketName' : lowerFirst(member);
  }

  #show(shape: Shape): Show {
    if (shape.sensitive === true || shape.streaming === true) return () => undefined;
    switch (shape.type) {
      case 'structure': {
        const show = this.#structure(shape.name);
        return value => show(value as Shown);
      }
      case 'list': {
        const show = this.#show(shape.member);
        return value => (value as unknown[]).map(show);
      }
      case 'map': {
        const show = this.#show(shape.value);
        return value => Object.fromEntries(Object.entries(value as Shown).map(([key, each]) => [key, show(each)]));
      }
      case 'timestamp':
        return value => awsDate((value as Date).getTime());
      case 'blob':
        return value => Buffer.from(value as Uint8Array).toString('base64');
      case 'bigInteger':
      case 'bigDecimal':
        return String;
      default:
        return value => value;
    }
  }
}

/** `VPCId` becomes `vPCId`, as it does in AWS's events. */
const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

function lazy(make: () => Show): Show {
  let show: Show | undefined;
  return value => {
    show ??= make();
    return show(value);
  };
}
