/** A service ready to be mounted: its wire model, its operations, and how fresh its state is. */
import type { ServiceModel } from '@stormglass/aws-wire';
import type { AnyOperation, Call } from './operation.ts';

export interface BoundOperation {
  readonly spec: Omit<AnyOperation<unknown>, 'handle'>;
  readonly handle: (input: Record<string, unknown>, call: Call) => object | Promise<object>;
}

export interface Service {
  readonly model: ServiceModel;
  readonly operations: ReadonlyMap<string, BoundOperation>;
  /** Global services are signed for their home region wherever they are called. */
  readonly isGlobal: boolean;
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
  options: Pick<Service, 'upToDate' | 'isGlobal'>,
): Service {
  const bound = new Map<string, BoundOperation>();
  for (const spec of operations) {
    if (!model.operations.has(spec.name)) throw new Error(`${model.id}: ${spec.name} is not in the schema`);
    bound.set(spec.name, { spec, handle: (input, call) => spec.handle(input, call, deps) });
  }
  for (const name of model.operations.keys()) {
    if (!bound.has(name)) throw new Error(`${model.id}: ${name} has a schema and no operation`);
  }
  return { model, operations: bound, ...options };
}
