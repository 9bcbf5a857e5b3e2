/** A statement as a request gives it: read, with its parameters, before anything is known of its table. */
import {
  type AttributeValue,
  checkedValue,
  checkParameters,
  InvalidInput,
  parseStatement,
  type Statement,
} from '@stormglass/items';

/** Members that all requests have for a statement. */
export interface StatementInput {
  readonly Statement?: string | undefined;
  readonly Parameters?: readonly unknown[] | undefined;
}

export interface GivenStatement<S extends Statement = Statement> {
  readonly statement: S;
  readonly parameters: readonly AttributeValue[];
}

const TABLE_NAME = /^[a-zA-Z0-9_.-]{3,255}$/;

/** @throws InvalidInput when it is no statement, or its parameters are not those that it needs */
export function givenStatement({ Statement = '', Parameters = [] }: StatementInput): GivenStatement {
  const statement = parseStatement(Statement);
  const { table } = statement.target;
  if (!table.startsWith('arn:') && !TABLE_NAME.test(table))
    throw new InvalidInput(
      "Table name should be within the length [3, 255] and only contain 'a-z', 'A-Z', '0-9', '-', '_', '.'.",
    );
  const parameters = Parameters.map(checkedValue);
  checkParameters(statement, parameters);
  return { statement, parameters };
}

/** Whether it only looks at items. Reads and writes do not go into one request. */
export const isRead = ({ statement }: GivenStatement): boolean => statement.kind === 'select';
