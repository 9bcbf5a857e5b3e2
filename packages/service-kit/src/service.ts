/** A service ready to be mounted: its wire model, its operations, and how fresh its state is. */
import type { ServiceModel } from '@stormglass/aws-wire';
import type { AnyOperation, Call, Caller, ConditionKeys, StateAccess, UnsignedCall } from './operation.ts';

/** An operation that has what it works on. */
export interface BoundOperation {
  readonly name: string;
  readonly state: StateAccess;
  readonly permission: 'none' | BoundPermission;
  readonly handle: (input: Record<string, unknown>, call: Call) => object | Promise<object>;
  /** Present when its calls need no signature. */
  readonly handleUnsigned?: (input: Record<string, unknown>, call: UnsignedCall) => object | Promise<object>;
}

export interface BoundPermission {
  readonly action: string;
  readonly resources: (input: Record<string, unknown>, caller: Caller) => readonly string[];
  readonly context: (input: Record<string, unknown>, caller: Caller) => ConditionKeys | undefined;
}

export interface Service {
  readonly model: ServiceModel;
  readonly operations: ReadonlyMap<string, BoundOperation>;
  /** Global services are signed for their home region wherever they are called. */
  readonly isGlobal: boolean;
  /** Host name of an endpoint beside the service's regional one: this one answers there, and nowhere else. */
  readonly onlyAt?: string | undefined;
  /** Operations whose calls need no signature. */
  readonly unsignedActions: readonly string[];
  /**
   * Resolves when a read sees everything acknowledged before this call.
   * @throws LogUnavailable
   */
  upToDate(deadline: number): Promise<void>;
}

/**
 * Binds operations to what they work on.
 * @throws Error when model and table disagree: an operation without a schema, or a schema without an operation
 */
export function bindService<Deps>(
  model: ServiceModel,
  operations: readonly AnyOperation<Deps>[],
  deps: Deps,
  options: Pick<Service, 'upToDate' | 'isGlobal' | 'onlyAt'>,
): Service {
  const bound = new Map<string, BoundOperation>();
  for (const spec of operations) {
    if (!model.operations.has(spec.name)) throw new Error(`${model.id}: ${spec.name} is not in the schema`);
    bound.set(spec.name, bindOperation(model, spec, deps));
  }
  for (const name of model.operations.keys()) {
    if (!bound.has(name)) throw new Error(`${model.id}: ${name} has a schema and no operation`);
  }
  const unsignedActions = [...bound.values()].filter(each => each.handleUnsigned).map(each => each.name);
  return { model, operations: bound, unsignedActions, ...options };
}

function bindOperation<Deps>(model: ServiceModel, spec: AnyOperation<Deps>, deps: Deps): BoundOperation {
  const { name, state, permission } = spec;
  const handle: BoundOperation['handle'] = (input, call) => spec.handle(input, call, deps);
  if (spec.handleUnsigned !== undefined) {
    const { handleUnsigned } = spec;
    return {
      name,
      state,
      permission: 'none',
      handle,
      handleUnsigned: (input, call) => handleUnsigned(input, call, deps),
    };
  }
  if (permission === 'none') return { name, state, permission, handle };
  const { action = `${model.signingName}:${name}`, resource, context } = permission;
  const resources: BoundPermission['resources'] = (input, caller) => {
    const found = resource(input, caller, deps);
    return typeof found === 'string' ? [found] : found;
  };
  const keys: BoundPermission['context'] = (input, caller) => context?.(input, caller, deps);
  return { name, state, permission: { action, resources, context: keys }, handle };
}
