/**
 * Which statements of a set of policies can bear on a request. The set remembers the statements that speak about an
 * action: services have a few hundred actions, so that after the first request the action costs one map lookup. Of
 * those, most are about other resources, which the first characters of the resource tell.
 */
import type { CompiledPolicy, CompiledStatement } from './policy-compiler.ts';
import { startHashes, type TextStart, textStart } from './text-starts.ts';

/** A statement, and one way that the resources it is about begin. */
interface Candidate {
  readonly start: TextStart;
  readonly statement: CompiledStatement;
}

/** More actions than any one region serves; beyond it somebody is making actions up. */
const REMEMBERED_ACTIONS_MAX = 2048;

export class StatementIndex {
  readonly #statements: readonly CompiledStatement[];
  readonly #byAction = new Map<string, readonly Candidate[]>();
  /** Most actions are spoken about by the same few combinations of statements: one list serves them all. */
  readonly #lists = new Map<string, readonly Candidate[]>();

  constructor(policies: readonly CompiledPolicy[]) {
    this.#statements = inOrder(policies.flatMap(policy => policy.statements));
  }

  /**
   * Denials first: the first statement that `decides` is the answer. A statement may be asked about more than once.
   * @returns undefined when none decides.
   */
  find(
    action: string,
    resource: string,
    decides: (statement: CompiledStatement) => boolean,
  ): CompiledStatement | undefined {
    const candidates = this.#about(action);
    const hashes = startHashes(resource);
    const { length } = resource;
    for (let i = 0; i < candidates.length; i++) {
      const { start, statement } = candidates[i]!;
      if (start.length <= length && hashes[start.length] === start.hash && decides(statement)) return statement;
    }
    return undefined;
  }

  #about(action: string): readonly Candidate[] {
    const remembered = this.#byAction.get(action);
    if (remembered !== undefined) return remembered;
    const lower = action.toLowerCase();
    const places: number[] = [];
    for (const [place, statement] of this.#statements.entries()) if (statement.action(lower)) places.push(place);
    const found = this.#list(places);
    if (this.#byAction.size >= REMEMBERED_ACTIONS_MAX) this.#byAction.clear();
    this.#byAction.set(action, found);
    return found;
  }

  #list(places: readonly number[]): readonly Candidate[] {
    const key = places.join();
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    const list = places.flatMap(place => candidates(this.#statements[place]!));
    if (this.#lists.size >= REMEMBERED_ACTIONS_MAX) this.#lists.clear();
    this.#lists.set(key, list);
    return list;
  }
}

const candidates = (statement: CompiledStatement): readonly Candidate[] =>
  (statement.resources?.starts ?? ['']).map(start => ({ start: textStart(start), statement }));

/** Denials before allowances, and of those what is quickly said first. */
function inOrder(statements: readonly CompiledStatement[]): readonly CompiledStatement[] {
  const effort = ({ deny, conditions, resources }: CompiledStatement) =>
    (deny ? 0 : 1000) + conditions.length * 2 + (resources === undefined ? 0 : 1);
  return statements.toSorted((a, b) => effort(a) - effort(b));
}

const indexes = new WeakMap<readonly CompiledPolicy[], StatementIndex>();

/** The index of a set of policies, made once for each array. */
export function indexOf(policies: readonly CompiledPolicy[]): StatementIndex {
  let index = indexes.get(policies);
  if (index === undefined) indexes.set(policies, (index = new StatementIndex(policies)));
  return index;
}
