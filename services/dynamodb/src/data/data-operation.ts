/** What the operations on items have in common: they are data events, and say what is wrong in DynamoDB's words. */
import type { OperationName } from '@stormglass/aws-wire';
import { type AnyOperation, type OperationSpec, operation } from '@stormglass/service-kit';
import type { DynamoDbClient } from '../deps.ts';
import { requestedTable } from '../names.ts';
import type { ItemDeps } from './cells.ts';
import { clientError } from './errors.ts';

/** Gives an operation on items the form that operation tables hold. */
export const dataOperation = <Name extends OperationName<DynamoDbClient>>(
  spec: OperationSpec<DynamoDbClient, Name, ItemDeps>,
): AnyOperation<ItemDeps> =>
  operation<DynamoDbClient, Name, ItemDeps>({
    ...spec,
    isDataEvent: true,
    async handle(input, call, deps) {
      try {
        // Names are looked at before what is wrong with the rest.
        if ('TableName' in input && typeof input.TableName === 'string') requestedTable(input.TableName, call);
        return await spec.handle(input, call, deps);
      } catch (error) {
        throw clientError(error);
      }
    },
  });
