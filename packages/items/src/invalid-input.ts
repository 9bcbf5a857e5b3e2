/** How this package refuses: with DynamoDB's own words, of which the service makes a ValidationException. */

/** What was asked is not possible, whatever the state: the client's mistake. The message is for the client. */
export class InvalidInput extends Error {
  override readonly name: string = 'InvalidInput';
}

/** Attributes of a key are not there, or of another type than the schema has: requests over several items tell it apart. */
export class KeyMismatch extends InvalidInput {
  override readonly name = 'KeyMismatch';
}

/**
 * The expression is good and this item does not suit it (an operand of another type, a path that leads nowhere). Unlike
 * other refusals it can be known only where the item is.
 */
export class ItemDoesNotSuit extends InvalidInput {
  override readonly name = 'ItemDoesNotSuit';
}
