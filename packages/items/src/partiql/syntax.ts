/** Statements as they are written: trees in which parameters are still parameters, good for every request. */

/** Names of attributes and members, indexes of lists; the first is a name. */
export type PathParts = readonly [string, ...(string | number)[]];

export interface PathTerm {
  readonly kind: 'path';
  readonly parts: PathParts;
  readonly at: string;
}

/** A value, in which parameters may stand for parts. */
export type ValueTerm =
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'boolean'; readonly yes: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'missing' }
  /** A `?`, counted from 0. */
  | { readonly kind: 'parameter'; readonly index: number }
  | { readonly kind: 'list' | 'bag' | 'sequence'; readonly members: readonly Term[] }
  | { readonly kind: 'struct'; readonly members: readonly (readonly [Term, Term])[] };

export interface CallTerm {
  readonly kind: 'call';
  /** In lower case. */
  readonly name: string;
  readonly operands: readonly Term[];
  /** Where it stands, as messages say it. */
  readonly at: string;
}

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Term =
  | PathTerm
  | ValueTerm
  | CallTerm
  | { readonly kind: 'sum'; readonly operator: string; readonly operands: readonly [Term, Term] }
  | { readonly kind: 'compare'; readonly operator: Comparator; readonly operands: readonly [Term, Term] }
  | { readonly kind: 'between'; readonly operands: readonly [Term, Term, Term] }
  | { readonly kind: 'in'; readonly operand: Term; readonly among: Term }
  | { readonly kind: 'is'; readonly operand: Term; readonly type: string }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Term[] }
  | { readonly kind: 'not'; readonly part: Term };

export interface StatementTarget {
  readonly table: string;
  readonly index?: string;
}

export interface OrderTerm {
  readonly attribute: string;
  readonly isDescending: boolean;
}

export interface SelectStatement {
  readonly kind: 'select';
  readonly target: StatementTarget;
  /** All attributes if absent. */
  readonly paths?: readonly PathTerm[];
  readonly where?: Term;
  readonly order: readonly OrderTerm[];
}

export interface InsertStatement {
  readonly kind: 'insert';
  readonly target: StatementTarget;
  readonly item: Term;
}

export type Change =
  | { readonly clause: 'SET'; readonly path: PathTerm; readonly value: Term }
  | { readonly clause: 'REMOVE'; readonly path: PathTerm };

/** What a write gives back: `ALL OLD` and the like. */
export interface Returning {
  readonly extent: 'ALL' | 'MODIFIED';
  readonly age: 'OLD' | 'NEW';
}

export interface UpdateStatement {
  readonly kind: 'update';
  readonly target: StatementTarget;
  readonly changes: readonly Change[];
  readonly where?: Term;
  readonly returning?: Returning;
}

export interface DeleteStatement {
  readonly kind: 'delete';
  readonly target: StatementTarget;
  readonly where?: Term;
  readonly returning?: Returning;
}

/** A condition on an item, in transactions. */
export interface ExistsStatement {
  readonly kind: 'exists';
  readonly target: StatementTarget;
  readonly where?: Term;
}

export type Statement = { readonly parameters: number } & (
  | SelectStatement
  | InsertStatement
  | UpdateStatement
  | DeleteStatement
  | ExistsStatement
);
