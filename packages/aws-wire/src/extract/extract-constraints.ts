/**
 * Adds to a service schema what only botocore's model of the service knows: lengths, ranges, patterns, enumerations
 * and which numbers are whole. Both models describe the same shapes, so they are walked side by side.
 */
import type { Constraint, ServiceSchema, Shape } from '../schema/service-schema.ts';

export interface BotocoreShape {
  type: string;
  min?: number;
  max?: number;
  pattern?: string;
  enum?: string[];
  member?: { shape: string };
  key?: { shape: string };
  value?: { shape: string };
  members?: Record<string, { shape: string; idempotencyToken?: boolean }>;
  required?: string[];
  sensitive?: boolean;
  exception?: boolean;
  fault?: boolean;
  error?: { httpStatusCode?: number };
}

/** Contents of botocore's `service-2.json`. */
export interface BotocoreModel {
  metadata?: {
    apiVersion?: string;
    jsonVersion?: string;
    protocol?: string;
    signingName?: string;
    endpointPrefix?: string;
    targetPrefix?: string;
  };
  operations: Record<string, { input?: { shape: string }; output?: { shape: string } }>;
  shapes: Record<string, BotocoreShape>;
}

/** The constraints on everything that the inputs of the schema's operations reach. */
export function extractConstraints(schema: ServiceSchema, botocore: BotocoreModel): ServiceSchema['constraints'] {
  const out: ServiceSchema['constraints'] = {};
  const visited = new Set<string>();

  const visitStructure = (name: string, source: BotocoreShape | undefined): void => {
    if (visited.has(name) || source?.members === undefined) return;
    visited.add(name);
    const members: Record<string, Constraint> = {};
    for (const [member, shape] of Object.entries(schema.structures[name]?.members ?? {})) {
      const target = source.members[member];
      const constraint = target && visitShape(shape, target.shape);
      if (constraint !== undefined) members[member] = constraint;
    }
    if (Object.keys(members).length > 0) out[name] = members;
  };

  const visitShape = (shape: Shape, sourceName: string): Constraint | undefined => {
    const source = botocore.shapes[sourceName];
    if (source === undefined) return undefined;
    if (shape.type === 'structure') {
      visitStructure(shape.name, source);
      return undefined;
    }
    const constraint: Constraint = {};
    if (source.min !== undefined) constraint.min = source.min;
    if (source.max !== undefined) constraint.max = source.max;
    if (source.pattern !== undefined) constraint.pattern = source.pattern;
    if (source.enum !== undefined) constraint.enum = source.enum;
    if (source.type === 'integer' || source.type === 'long') constraint.integer = true;
    const nested = (inner: Shape, at: { shape: string } | undefined) => (at ? visitShape(inner, at.shape) : undefined);
    if (shape.type === 'list') {
      const member = nested(shape.member, source.member);
      if (member) constraint.member = member;
    } else if (shape.type === 'map') {
      const key = nested(shape.key, source.key);
      const value = nested(shape.value, source.value);
      if (key) constraint.key = key;
      if (value) constraint.value = value;
    }
    return Object.keys(constraint).length > 0 ? constraint : undefined;
  };

  for (const [name, operation] of Object.entries(schema.operations)) {
    const source = botocore.operations[name]?.input;
    if (operation.input !== undefined && source !== undefined) {
      visitStructure(operation.input, botocore.shapes[source.shape]);
    }
  }
  return out;
}
