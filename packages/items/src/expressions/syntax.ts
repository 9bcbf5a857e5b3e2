/** Expressions as they are written: trees in which placeholders are still placeholders, good for every request. */

export type ExpressionKind =
  | 'ConditionExpression'
  | 'FilterExpression'
  | 'KeyConditionExpression'
  | 'ProjectionExpression'
  | 'UpdateExpression';

/** A name as it is, one that a `#` stands for, or an index of a list. */
export type PathPart = { readonly name: string } | { readonly placeholder: string } | { readonly index: number };

export interface PathNode {
  readonly kind: 'path';
  readonly parts: readonly PathPart[];
}

/** A `:value`. */
export interface ValueNode {
  readonly kind: 'value';
  readonly placeholder: string;
}

export interface CallNode {
  readonly kind: 'call';
  readonly name: string;
  readonly operands: readonly OperandNode[];
}

export type OperandNode = PathNode | ValueNode | CallNode;

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export interface CompareNode {
  readonly kind: 'compare';
  readonly operator: Comparator;
  readonly operands: readonly [OperandNode, OperandNode];
}

export interface BetweenNode {
  readonly kind: 'between';
  /** The operand, its lower and its upper bound. */
  readonly operands: readonly [OperandNode, OperandNode, OperandNode];
}

export interface InNode {
  readonly kind: 'in';
  /** The operand, and those that it may equal. */
  readonly operands: readonly OperandNode[];
}

export type PredicateNode = CompareNode | BetweenNode | InNode | CallNode;

export type ConditionNode =
  | PredicateNode
  | { readonly kind: 'and'; readonly parts: readonly ConditionNode[] }
  | { readonly kind: 'or'; readonly parts: readonly ConditionNode[] }
  | { readonly kind: 'not'; readonly part: ConditionNode };

export interface ArithmeticNode {
  readonly kind: 'arithmetic';
  readonly operator: '+' | '-';
  readonly operands: readonly [OperandNode, OperandNode];
}

export type UpdateClauseName = 'SET' | 'REMOVE' | 'ADD' | 'DELETE';

export type UpdateActionNode =
  | { readonly clause: 'SET'; readonly path: PathNode; readonly value: OperandNode | ArithmeticNode }
  | { readonly clause: 'REMOVE'; readonly path: PathNode }
  | { readonly clause: 'ADD' | 'DELETE'; readonly path: PathNode; readonly value: ValueNode };

export interface UpdateNode {
  readonly actions: readonly UpdateActionNode[];
  /** A clause that is there twice, which is an error. */
  readonly repeated: UpdateClauseName | undefined;
}
