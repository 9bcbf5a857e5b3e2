/** A service schema made ready for use: operations and errors by name. Codecs compile from it what they need. */
import type { ErrorSchema, HttpBinding, ProtocolName, ServiceSchema, Shape, Structure } from './service-schema.ts';

export interface Operation {
  readonly name: string;
  readonly model: ServiceModel;
  readonly input: string | undefined;
  readonly output: string | undefined;
  readonly http: HttpBinding | undefined;
  readonly unwrappedOutput: boolean;
  /** The body of its requests is a stream, which is not read before the operation is known. */
  readonly streamsInput: boolean;
  /** Its input or its output is a stream. */
  readonly isStream: boolean;
}

export interface ServiceModel {
  readonly id: string;
  readonly signingName: string;
  /** The first is the default; requests may choose another one of the list. */
  readonly protocols: readonly [ProtocolName, ...ProtocolName[]];
  readonly apiVersion: string;
  readonly namespace: string;
  readonly xmlNamespace: string;
  readonly targetPrefix: string;
  readonly queryCompatible: boolean;
  readonly operations: ReadonlyMap<string, Operation>;
  /** Any of them has a stream for its input. */
  readonly hasStreams: boolean;
  /** Operations that AWS has and this server answers with 501. */
  readonly notImplemented: ReadonlySet<string>;
  /** Modelled errors by code and by the name of their shape. */
  readonly errors: ReadonlyMap<string, ErrorSchema>;
  readonly structures: ReadonlyMap<string, Structure>;
  readonly phrases: Phrases;
  readonly schema: ServiceSchema;
}

/** What a service says, in place of the usual sentence, when the member named does not match a pattern of the model. */
export type Phrases = Readonly<Record<string, (member: string) => string>>;

/** Finds a structure that the schema promised to contain. */
export function structureOf(model: ServiceModel, name: string): Structure {
  const structure = model.structures.get(name);
  if (structure === undefined) throw new Error(`${model.id}: the schema refers to ${name}, which it does not contain`);
  return structure;
}

/** Members of a structure in the order of the model. */
export const membersOf = (model: ServiceModel, name: string): [string, Shape][] =>
  Object.entries(structureOf(model, name).members);

/**
 * Prepares a service. Takes any object, because TypeScript types an imported JSON file by its contents, with `string`
 * where the schema has literal types; the `format` field tells whether it is a schema at all.
 */
export function loadService(json: object, phrases: Phrases = {}): ServiceModel {
  const schema = json as ServiceSchema;
  if (schema.format !== 1) throw new Error('not a service schema of format 1');
  const errors = new Map<string, ErrorSchema>();
  for (const [shape, error] of Object.entries(schema.errors)) errors.set(shape, error);
  for (const error of Object.values(schema.errors)) if (!errors.has(error.code)) errors.set(error.code, error);
  const operations = new Map<string, Operation>();
  const streams = (structure: string | undefined): boolean =>
    Object.values(schema.structures[structure ?? '']?.members ?? {}).some(
      ({ location, streaming, type }) => location === 'payload' && streaming === true && type === 'blob',
    );
  const model: ServiceModel = {
    id: schema.id,
    signingName: schema.signingName,
    protocols: schema.protocols,
    apiVersion: schema.apiVersion,
    namespace: schema.namespace,
    xmlNamespace: schema.xmlNamespace ?? '',
    targetPrefix: schema.targetPrefix,
    queryCompatible: schema.queryCompatible === true,
    operations,
    hasStreams: Object.values(schema.operations).some(({ input }) => streams(input)),
    notImplemented: new Set(schema.notImplemented),
    errors,
    structures: new Map(Object.entries(schema.structures)),
    phrases,
    schema,
  };
  for (const [name, { input, output, http, unwrappedOutput }] of Object.entries(schema.operations)) {
    const streamsInput = streams(input);
    const isStream = streamsInput || streams(output);
    const isUnwrapped = unwrappedOutput === true;
    const operation = { name, model, input, output, http, unwrappedOutput: isUnwrapped, streamsInput, isStream };
    operations.set(name, operation);
  }
  return model;
}
