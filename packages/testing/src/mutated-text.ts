/** Texts one step away from a given one, for tests that send what nobody should. */
import { pick, type Random, randomInt } from '@stormglass/base';

/** Something is cut out, put in from `fragments`, said twice, or cut off. */
export function mutatedText(random: Random, text: string, fragments: readonly string[]): string {
  const at = randomInt(random, text.length + 1);
  const length = randomInt(random, 8);
  switch (randomInt(random, 6)) {
    case 0:
      return text.slice(0, at) + text.slice(at + length);
    case 1:
      return text.slice(0, at) + pick(random, fragments) + text.slice(at);
    case 2:
      return text.slice(0, at) + pick(random, fragments) + text.slice(at + length);
    case 3:
      return text.slice(0, at) + text.slice(Math.max(0, at - 40));
    case 4:
      return pick(random, fragments);
    default:
      return text.slice(0, at);
  }
}
