/** Random policies, entities and facts that speak about the same few things, so that they meet often. */
import { pick, type Random, randomInt } from '@stormglass/base';

/** What random policies speak about. */
export interface Vocabulary {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: readonly object[];
}

const chance = (random: Random, of: number): boolean => random.next() < of;

const some = <Item>(random: Random, items: readonly Item[]): readonly Item[] =>
  Array.from({ length: 1 + randomInt(random, 2) }, () => pick(random, items));

function randomStatement(random: Random, { actions, resources, conditions }: Vocabulary): object {
  return {
    Effect: chance(random, 0.7) ? 'Allow' : 'Deny',
    [chance(random, 0.85) ? 'Action' : 'NotAction']: some(random, actions),
    [chance(random, 0.85) ? 'Resource' : 'NotResource']: chance(random, 0.4) ? '*' : some(random, resources),
    ...(chance(random, 0.4) ? { Condition: Object.assign({}, ...some(random, conditions)) } : {}),
  };
}

/** The text of a policy; `more` goes into each statement. */
export function randomPolicy(random: Random, vocabulary: Vocabulary, more: (random: Random) => object = () => ({})) {
  const Statement = Array.from({ length: 1 + randomInt(random, 3) }, () => ({
    ...randomStatement(random, vocabulary),
    ...more(random),
  }));
  return JSON.stringify({ Version: '2012-10-17', Statement }, null, chance(random, 0.5) ? 2 : 0);
}

/** One condition key of a request. */
export interface RandomFact {
  readonly name: string;
  readonly values: readonly string[];
  readonly isList: boolean;
}

/** A part of `choices`, each with one of its values. */
export function randomFacts(
  random: Random,
  choices: readonly { readonly name: string; readonly values: readonly (string | readonly string[])[] }[],
): readonly RandomFact[] {
  return choices
    .filter(() => chance(random, 0.6))
    .map(({ name, values }) => {
      const value = pick(random, values);
      return { name, values: typeof value === 'string' ? [value] : value, isList: typeof value !== 'string' };
    });
}
