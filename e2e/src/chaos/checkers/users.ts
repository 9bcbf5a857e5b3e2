/** Nothing acknowledged is lost, nothing is done twice, and nothing is there that nobody asked for. */
import type { FinalUsers, Operation } from '../history.ts';
import { type Checker, finding } from './checker.ts';

export const usersAreKept: Checker = entries => {
  const creations = entries.filter(
    (entry): entry is Operation => entry.type === 'operation' && entry.action === 'create',
  );
  const finals = entries.filter(entry => entry.type === 'final');
  // A name that nobody else uses exists only if an earlier attempt of the same call made it.
  const doubled = creations
    .filter(({ error }) => error?.includes('EntityAlreadyExists') === true)
    .map(({ key }) => `${key} was created twice: its creation was told that it exists`);
  const problems = [...doubled, ...finals.flatMap(final => problemsOf(final, creations))];
  const acknowledged = creations.filter(({ outcome }) => outcome === 'ok').length;
  const figures = { acknowledged, inDoubt: creations.length - acknowledged, zones: finals.length };
  return finding('users', finals.length * acknowledged, problems, figures);
};

function problemsOf({ zone, users }: FinalUsers, creations: readonly Operation[]): string[] {
  const asked = new Map(creations.map(creation => [creation.key, creation]));
  const acknowledged = creations.filter(({ outcome }) => outcome === 'ok');
  return [
    ...acknowledged
      .filter(({ key }) => !Object.hasOwn(users, key))
      .map(({ key, until }) => `${zone} lost ${key}, acknowledged at ${until.toFixed(0)} ms`),
    ...acknowledged
      .filter(({ key, value }) => value !== undefined && Object.hasOwn(users, key) && users[key] !== value)
      .map(({ key, value }) => `${zone} has ${key} as ${users[key]}, acknowledged as ${value}: it was created twice`),
    ...Object.keys(users)
      .filter(name => asked.get(name) === undefined || asked.get(name)?.outcome === 'fail')
      .map(name => `${zone} has ${name}, which nobody was told to have created`),
  ];
}
