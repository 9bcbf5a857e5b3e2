/** A service ready to be mounted: its wire model, its operations, and how fresh its state is. */
import type { AwsError, ServiceModel, WireResponse } from '@stormglass/aws-wire';
import type { AuthorizationRequest, Decision } from '@stormglass/identity';
import type {
  AnyOperation,
  ConditionKeys,
  OpenCall,
  RequestHead,
  RequiredPermission,
  ResourceOwner,
  StateAccess,
  UnsignedCall,
} from './operation.ts';
import type { Unmodelled } from './unmodelled.ts';

/** An operation that has what it works on. */
export interface BoundOperation {
  readonly name: string;
  readonly state: StateAccess;
  /** All of them must be allowed. */
  readonly permissions: readonly BoundPermission[];
  /** Permissions need the service's own state: whom a resource belongs to, and the policy it has. */
  readonly asksState: boolean;
  /** Calls of it are not recorded. */
  readonly isDataEvent: boolean;
  readonly handle: (input: Record<string, unknown>, call: OpenCall) => object | Promise<object>;
  /** Present when its calls need no signature. */
  readonly handleUnsigned?: (input: Record<string, unknown>, call: UnsignedCall) => object | Promise<object>;
}

export interface BoundPermission {
  readonly action: (input: Record<string, unknown>, caller: OpenCall) => string;
  readonly resources: (input: Record<string, unknown>, caller: OpenCall) => readonly string[];
  /** Absent where resources are always the caller's own and have no policy. */
  readonly owner: ((input: Record<string, unknown>, caller: OpenCall) => ResourceOwner | undefined) | undefined;
  readonly context: (input: Record<string, unknown>, caller: OpenCall) => ConditionKeys | undefined;
}

/** What services have that stand apart from the usual; S3 has all of it. */
export interface ServiceHooks {
  /**
   * Requests that nobody signed are authorized as those of a stranger (`ANONYMOUS`), and those that name no service at
   * all are taken for this one's. The handlers get an `OpenCall`.
   */
  readonly anonymous?: true;
  /** Other names that its requests may be signed for (`s3express`). */
  readonly alsoSignedAs?: readonly string[];
  /** Bytes of a body that is read whole; the host's own limit where it is not said. */
  readonly bodyBytesMax?: number;
  /** Answers before anybody is authenticated: preflights, redirects. */
  before?(request: RequestHead): Promise<WireResponse | undefined>;
  /** Adds to an answer before it goes out, whatever it is. */
  after?(request: RequestHead, response: WireResponse): void;
  /** Compares the body of an operation without streams with what the head or the trailers say of it. */
  checkBody?(request: RequestHead, body: Buffer, trailers: ReadonlyMap<string, string>): void;
  /** Takes requests that no model describes, before anybody is authenticated. */
  unmodelled?(request: RequestHead): Unmodelled | undefined;
  /** The answer to whom the policies do not allow it; AWS's common one where it is absent. */
  denied?(asked: AuthorizationRequest, decision: Decision & { allowed: false }): AwsError;
}

export interface Service extends ServiceHooks {
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
  options: Pick<Service, 'upToDate' | 'isGlobal' | 'onlyAt'> & ServiceHooks,
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
  const { name, state, permission, handleUnsigned } = spec;
  const needed = permission === 'none' ? [] : 'resource' in permission ? [permission] : permission;
  return {
    name,
    state,
    asksState: needed.some(each => each.owner !== undefined),
    permissions: needed.map(each => bindPermission(`${model.signingName}:${name}`, each, deps)),
    isDataEvent: spec.isDataEvent === true,
    handle: (input, call) => spec.handle(input, call, deps),
    ...(handleUnsigned && { handleUnsigned: (input, call) => handleUnsigned(input, call, deps) }),
  };
}

function bindPermission<Deps>(
  usual: string,
  { action = usual, resource, owner, context }: RequiredPermission<Record<string, unknown>, Deps, OpenCall>,
  deps: Deps,
): BoundPermission {
  return {
    action: typeof action === 'string' ? () => action : (input, caller) => action(input, caller, deps),
    resources(input, caller) {
      const found = resource(input, caller, deps);
      return typeof found === 'string' ? [found] : found;
    },
    owner: owner && ((input, caller) => owner(input, caller, deps)),
    context: (input, caller) => context?.(input, caller, deps),
  };
}
