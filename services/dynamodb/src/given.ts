/** What clients give of tables, in the form of commands; members that are not offered here are refused by name. */
import type {
  AttributeDefinition,
  BillingMode,
  GlobalSecondaryIndex,
  GlobalSecondaryIndexUpdate,
  KeySchemaElement,
  LocalSecondaryIndex,
  OnDemandThroughput,
  ProvisionedThroughput,
  Tag as SdkTag,
  StreamSpecification,
} from '@aws-sdk/client-dynamodb';
import type { IndexInput, IndexUpdate, OnDemandLimits, StreamView, Tag, Throughput } from '@stormglass/table-catalogue';
import { invalidValues, notOffered, validationError } from './errors.ts';

export const givenAttributes = (definitions: readonly AttributeDefinition[]) =>
  definitions.map(({ AttributeName, AttributeType }) => ({ name: AttributeName!, type: AttributeType! }));

export const givenKeys = (keys: readonly KeySchemaElement[]) =>
  keys.map(({ AttributeName, KeyType }) => ({ name: AttributeName!, role: KeyType! }));

export const givenThroughput = ({ ReadCapacityUnits, WriteCapacityUnits }: ProvisionedThroughput): Throughput => ({
  read: ReadCapacityUnits!,
  write: WriteCapacityUnits!,
});

export const givenLimits = ({ MaxReadRequestUnits, MaxWriteRequestUnits }: OnDemandThroughput): OnDemandLimits => ({
  ...(MaxReadRequestUnits !== undefined && { read: MaxReadRequestUnits }),
  ...(MaxWriteRequestUnits !== undefined && { write: MaxWriteRequestUnits }),
});

export function givenIndex(index: GlobalSecondaryIndex): IndexInput {
  const { IndexName, KeySchema, Projection, ProvisionedThroughput, OnDemandThroughput, WarmThroughput } = index;
  if (WarmThroughput !== undefined) throw notOffered('WarmThroughput is');
  const { ProjectionType, NonKeyAttributes } = Projection!;
  return {
    name: IndexName!,
    keys: givenKeys(KeySchema!),
    projection: {
      ...(ProjectionType !== undefined && { type: ProjectionType }),
      ...(NonKeyAttributes !== undefined && { attributes: NonKeyAttributes }),
    },
    ...(ProvisionedThroughput && { throughput: givenThroughput(ProvisionedThroughput) }),
    ...(OnDemandThroughput && { onDemand: givenLimits(OnDemandThroughput) }),
  };
}

export function givenUpdate(update: GlobalSecondaryIndexUpdate): IndexUpdate {
  const { Create, Update, Delete } = update;
  const count = [Create, Update, Delete].filter(each => each !== undefined).length;
  if (count > 1)
    throw invalidValues('Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object');
  if (Create !== undefined) return { action: 'create', index: givenIndex(Create) };
  if (Delete !== undefined) return { action: 'delete', name: Delete.IndexName! };
  if (Update === undefined) {
    throw invalidValues(
      'One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null',
    );
  }
  const { IndexName, ProvisionedThroughput, OnDemandThroughput, WarmThroughput } = Update;
  if (WarmThroughput !== undefined) throw notOffered('WarmThroughput is');
  return {
    ...{ action: 'update', name: IndexName! },
    ...(ProvisionedThroughput && { throughput: givenThroughput(ProvisionedThroughput) }),
    ...(OnDemandThroughput && { onDemand: givenLimits(OnDemandThroughput) }),
  };
}

/** The view of a new table's stream, if it has one. */
export function givenFirstStream(stream: StreamSpecification | undefined): StreamView | undefined {
  if (stream?.StreamEnabled === true && stream.StreamViewType === undefined)
    throw invalidValues('Table is being created with a stream enabled, UpdateViewType is required');
  if (stream?.StreamEnabled === false && stream.StreamViewType !== undefined)
    throw invalidValues('Table is being created with a stream disabled, UpdateViewType should not be specified');
  return stream?.StreamViewType;
}

/** The view of a stream that begins; null ends the one that there is. */
export function givenStreamChange(stream: StreamSpecification): StreamView | null {
  const { StreamEnabled, StreamViewType } = stream;
  if (StreamEnabled === true && StreamViewType === undefined)
    throw invalidValues('If stream is being enabled then UpdateViewType is required');
  if (StreamEnabled === false && StreamViewType !== undefined)
    throw invalidValues('If stream is being disabled, then UpdateViewType must not be specified');
  return StreamViewType ?? null;
}

interface Overrides {
  readonly BillingModeOverride?: BillingMode | undefined;
  readonly ProvisionedThroughputOverride?: ProvisionedThroughput | undefined;
  readonly OnDemandThroughputOverride?: OnDemandThroughput | undefined;
  readonly GlobalSecondaryIndexOverride?: readonly GlobalSecondaryIndex[] | undefined;
  readonly LocalSecondaryIndexOverride?: readonly LocalSecondaryIndex[] | undefined;
  readonly SSESpecificationOverride?: { readonly Enabled?: boolean | undefined } | undefined;
}

/** What a restored table is to have in place of what its source had. */
export function givenOverrides(overrides: Overrides) {
  const { BillingModeOverride, ProvisionedThroughputOverride, OnDemandThroughputOverride } = overrides;
  const { GlobalSecondaryIndexOverride, LocalSecondaryIndexOverride, SSESpecificationOverride } = overrides;
  refuseOwnKeys(SSESpecificationOverride);
  return {
    ...(BillingModeOverride && { billing: BillingModeOverride }),
    ...(ProvisionedThroughputOverride && { throughput: givenThroughput(ProvisionedThroughputOverride) }),
    ...(OnDemandThroughputOverride && { onDemand: givenLimits(OnDemandThroughputOverride) }),
    ...(GlobalSecondaryIndexOverride && { globals: GlobalSecondaryIndexOverride.map(givenIndex) }),
    ...(LocalSecondaryIndexOverride && { locals: LocalSecondaryIndexOverride.map(givenIndex) }),
  };
}

export function givenTags(tags: readonly SdkTag[]): Tag[] {
  return tags.map(({ Key, Value }) => {
    if (Value === undefined) throw validationError('The Tag Value provided is invalid, Value: null');
    return { key: Key!, value: Value };
  });
}

/** Encryption is that of the region, with its own keys. */
export function refuseOwnKeys(encryption: { readonly Enabled?: boolean | undefined } | undefined): void {
  if (encryption?.Enabled === true) throw notOffered('Encryption with keys of KMS is');
}
