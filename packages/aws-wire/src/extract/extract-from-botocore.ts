/**
 * Extracts a service schema from botocore's model alone, for services whose SDK packages are too old to hold schemas.
 * Only what JSON services need: nothing in their requests travels anywhere but in the body.
 */
import type { ErrorSchema, OperationSchema, ServiceSchema, Shape, Structure } from '../schema/service-schema.ts';
import type { BotocoreModel, BotocoreShape } from './extract-constraints.ts';

export interface BotocoreExtractOptions {
  readonly id: string;
  readonly operations: readonly string[];
  /** Namespace of the service's shapes, which this model does not name: `com.amazonaws.acmpca`. */
  readonly namespace: string;
}

const SIMPLE: Readonly<Record<string, Shape>> = {
  string: { type: 'string' },
  boolean: { type: 'boolean' },
  integer: { type: 'number' },
  long: { type: 'number' },
  float: { type: 'number' },
  double: { type: 'number' },
  timestamp: { type: 'timestamp' },
  blob: { type: 'blob' },
};

/** Reads everything but the constraints. @throws Error when the service does not speak JSON, or has no such operation */
export function extractFromBotocore(model: BotocoreModel, options: BotocoreExtractOptions): ServiceSchema {
  const { id, namespace } = options;
  const { apiVersion, jsonVersion, protocol, signingName, endpointPrefix, targetPrefix } = model.metadata ?? {};
  if (protocol !== 'json' || targetPrefix === undefined) throw new Error(`${id}: not a JSON service`);

  const structures: Record<string, Structure> = {};
  const sourceOf = (name: string): BotocoreShape => {
    const source = model.shapes[name];
    if (source === undefined) throw new Error(`${id} has no shape ${name}`);
    return source;
  };
  const shapeOf = (name: string): Shape => {
    const source = sourceOf(name);
    const traits = source.sensitive === true ? ({ sensitive: true } as const) : {};
    if (source.type === 'structure') return { type: 'structure', name: visit(name), ...traits };
    if (source.type === 'list') return { type: 'list', member: shapeOf(source.member!.shape), ...traits };
    if (source.type === 'map') {
      return { type: 'map', key: shapeOf(source.key!.shape), value: shapeOf(source.value!.shape), ...traits };
    }
    const simple = SIMPLE[source.type];
    if (simple === undefined) throw new Error(`${id}: unknown type ${source.type}`);
    return { ...simple, ...traits };
  };
  const visit = (name: string): string => {
    if (name in structures) return name;
    const { members = {}, required = [] } = sourceOf(name);
    const structure: Structure = { members: {} };
    structures[name] = structure;
    for (const [member, { shape, idempotencyToken }] of Object.entries(members)) {
      structure.members[member] = { ...shapeOf(shape), ...(idempotencyToken && { idempotencyToken: true as const }) };
    }
    if (required.length > 0) structure.required = [...required];
    return name;
  };

  const operations: Record<string, OperationSchema> = {};
  for (const name of options.operations) {
    const source = model.operations[name];
    if (source === undefined) throw new Error(`${id} has no operation ${name}`);
    const { input, output } = source;
    operations[name] = { ...(input && { input: visit(input.shape) }), ...(output && { output: visit(output.shape) }) };
  }
  const errors: Record<string, ErrorSchema> = {};
  for (const [name, { exception, fault, error }] of Object.entries(model.shapes)) {
    if (exception !== true) continue;
    const status = error?.httpStatusCode ?? (fault === true ? 500 : 400);
    errors[name] = { code: name, status, fault: fault === true ? 'server' : 'client', shape: visit(name) };
  }
  return {
    format: 1,
    id,
    signingName: signingName ?? endpointPrefix ?? id,
    protocols: [jsonVersion === '1.0' ? 'awsJson1_0' : 'awsJson1_1'],
    apiVersion: apiVersion ?? '',
    namespace,
    targetPrefix,
    operations,
    notImplemented: Object.keys(model.operations)
      .filter(name => !(name in operations))
      .sort(),
    errors,
    structures,
    constraints: {},
  };
}
