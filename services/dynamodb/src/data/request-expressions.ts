/**
 * The expressions of one request with their placeholders, checked in DynamoDB's order: which parameters go together, the
 * placeholders, each expression, and at last that every placeholder is used. Legacy parameters become expressions.
 */
import {
  attributesToGetToProjection,
  attributeUpdatesToUpdate,
  type Condition,
  checkedPlaceholders,
  compileCondition,
  compileKeyCondition,
  compileProjection,
  compileUpdate,
  type Expression,
  expectedToCondition,
  filterToCondition,
  InvalidInput,
  type Item,
  type KeyRange,
  type KeySchema,
  keyConditionsToKeyCondition,
  type LegacyConditions,
  type LegacyUpdate,
  type Placeholders,
  PlaceholderUse,
  type Projection,
} from '@stormglass/items';

type Parameters = object;

interface Kinds {
  /** Names of the request's parameters that are expressions, in DynamoDB's order. */
  readonly expressions: readonly string[];
  /** Those of older forms, which do not go with them. */
  readonly legacy: readonly string[];
}

export const OF_PUTS: Kinds = {
  expressions: ['ConditionExpression'],
  legacy: ['Expected', 'ConditionalOperator'],
};
export const OF_UPDATES: Kinds = {
  expressions: ['UpdateExpression', 'ConditionExpression'],
  legacy: ['AttributeUpdates', 'Expected', 'ConditionalOperator'],
};
export const OF_GETS: Kinds = { expressions: ['ProjectionExpression'], legacy: ['AttributesToGet'] };
export const OF_SCANS: Kinds = {
  expressions: ['ProjectionExpression', 'FilterExpression'],
  legacy: ['AttributesToGet', 'ScanFilter', 'ConditionalOperator'],
};
export const OF_QUERIES: Kinds = {
  expressions: ['ProjectionExpression', 'FilterExpression', 'KeyConditionExpression'],
  legacy: ['AttributesToGet', 'QueryFilter', 'ConditionalOperator', 'KeyConditions'],
};

export class RequestExpressions {
  readonly #input: Readonly<Record<string, unknown>>;
  readonly #use = new PlaceholderUse();
  #placeholders: Placeholders = {};

  /** @throws InvalidInput when there are parameters that do not go together */
  constructor(input: Parameters, kinds: Kinds) {
    this.#input = input as Readonly<Record<string, unknown>>;
    checkTogether(this.#input, kinds);
  }

  /** Checks the placeholders: after the keys, and before any expression. @throws InvalidInput */
  open(): this {
    const { ExpressionAttributeNames, ExpressionAttributeValues } = this.#input;
    this.#placeholders = checkedPlaceholders(ExpressionAttributeNames, ExpressionAttributeValues);
    return this;
  }

  /** @throws InvalidInput when a placeholder was used by none of the expressions that were asked for */
  close(): void {
    this.#use.checkAllUsed(this.#placeholders);
  }

  /** The expression for a command. @throws InvalidInput */
  condition(): Expression | undefined {
    const { Expected } = this.#input;
    if (Expected !== undefined) return expectedToCondition(Expected as LegacyConditions, this.#operator);
    return this.#given('ConditionExpression', (expression, use) =>
      compileCondition(expression, 'ConditionExpression', use),
    )?.expression;
  }

  /** The expression for a command. @throws InvalidInput */
  update(): Expression | undefined {
    const { AttributeUpdates } = this.#input;
    if (AttributeUpdates !== undefined)
      return attributeUpdatesToUpdate(AttributeUpdates as Readonly<Record<string, LegacyUpdate>>);
    return this.#given('UpdateExpression', compileUpdate)?.expression;
  }

  /** Of a query or a scan. @throws InvalidInput */
  filter(): Condition | undefined {
    const conditions = this.#input.QueryFilter ?? this.#input.ScanFilter;
    if (conditions !== undefined) {
      const expression = filterToCondition(conditions as LegacyConditions, this.#operator);
      return expression && compileCondition(expression, 'FilterExpression');
    }
    return this.#given('FilterExpression', (expression, use) => compileCondition(expression, 'FilterExpression', use))
      ?.compiled;
  }

  /** @throws InvalidInput */
  keyCondition(schema: KeySchema): KeyRange {
    const { KeyConditions } = this.#input;
    if (KeyConditions !== undefined)
      return compileKeyCondition(keyConditionsToKeyCondition(KeyConditions as LegacyConditions), schema);
    const found = this.#given('KeyConditionExpression', (expression, use) =>
      compileKeyCondition(expression, schema, use),
    );
    if (found !== undefined) return found.compiled;
    throw new InvalidInput(
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    );
  }

  /** @throws InvalidInput */
  projection(): Projection | undefined {
    const { AttributesToGet } = this.#input;
    if (AttributesToGet !== undefined)
      return compileProjection(attributesToGetToProjection(AttributesToGet as readonly string[]));
    return this.#given('ProjectionExpression', compileProjection)?.compiled;
  }

  get #operator(): 'AND' | 'OR' | undefined {
    return this.#input.ConditionalOperator as 'AND' | 'OR' | undefined;
  }

  /** What of the placeholders an expression uses goes with it: commands do not carry the others. */
  #given<Compiled>(
    parameter: string,
    compile: (expression: Expression, use: PlaceholderUse) => Compiled,
  ): { readonly compiled: Compiled; readonly expression: Expression } | undefined {
    const text = this.#input[parameter] as string | undefined;
    if (text === undefined) return undefined;
    const use = new PlaceholderUse();
    const compiled = compile({ text, ...this.#placeholders }, use);
    for (const name of use.names) this.#use.names.add(name);
    for (const value of use.values) this.#use.values.add(value);
    return { compiled, expression: { text, ...used(this.#placeholders, use) } };
  }
}

function used({ names = {}, values = {} }: Placeholders, use: PlaceholderUse): Placeholders {
  const only = <Value>(all: Readonly<Record<string, Value>>, wanted: ReadonlySet<string>) =>
    Object.fromEntries([...wanted].map(key => [key, all[key]!]));
  return {
    ...(use.names.size === 0 ? {} : { names: only(names, use.names) }),
    ...(use.values.size === 0 ? {} : { values: only(values, use.values) as Item }),
  };
}

/** Parts of one request must have expressions, or older forms, all alike. @throws InvalidInput */
export const checkAllAlike = (parts: readonly Parameters[], kinds: Kinds): void =>
  checkNotMixed(parts as readonly Readonly<Record<string, unknown>>[], kinds);

function checkNotMixed(parts: readonly Readonly<Record<string, unknown>>[], { expressions, legacy }: Kinds): void {
  const isGiven = (name: string) => parts.some(part => part[name] !== undefined);
  const modern = expressions.filter(isGiven);
  const old = legacy.filter(isGiven);
  if (modern.length > 0 && old.length > 0)
    throw new InvalidInput(
      'Can not use both expression and non-expression parameters in the same request: ' +
        `Non-expression parameters: {${old.join(', ')}} Expression parameters: {${modern.join(', ')}}`,
    );
}

function checkTogether(input: Readonly<Record<string, unknown>>, kinds: Kinds): void {
  const { expressions } = kinds;
  const isGiven = (name: string) => input[name] !== undefined;
  checkNotMixed([input], kinds);
  const modern = expressions.filter(isGiven);
  if (isGiven('ExpressionAttributeNames') && modern.length === 0)
    throw new InvalidInput('ExpressionAttributeNames can only be specified when using expressions');
  const withValues = expressions.filter(name => name !== 'ProjectionExpression');
  if (isGiven('ExpressionAttributeValues') && withValues.length > 0 && !withValues.some(isGiven)) {
    const are = withValues.length > 1 ? 'are' : 'is';
    throw new InvalidInput(
      `ExpressionAttributeValues can only be specified when using expressions: ${withValues.join(' and ')} ${are} null`,
    );
  }
}
