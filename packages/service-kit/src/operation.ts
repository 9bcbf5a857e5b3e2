/**
 * What a service says about each of its operations: who may call it, on what, how fresh its reads are, and the answer.
 * One operation is one file; the pipeline (`pipeline.ts`) does everything that all of them have in common.
 */
import type { OperationInput, OperationName, OperationOutput } from '@stormglass/aws-wire';
import type { AccountPrincipal, ContextValue, RequestContext } from '@stormglass/identity';

/** Who calls, and how; the same for every service. */
export interface Call {
  readonly requestId: string;
  readonly region: string;
  readonly zone: string;
  readonly partition: string;
  readonly principal: AccountPrincipal;
  /** Account of the caller. */
  readonly accountId: string;
  /** Wall clock of this host in ms since the epoch. */
  readonly now: number;
  /** Monotonic time in ms after which the caller no longer waits. */
  readonly deadline: number;
  /** Equal for all attempts of one logical call, where the client says so: the id that makes a retried write harmless. */
  readonly commandId: string | undefined;
  /** W3C `traceparent` of this call, when it is traced. */
  readonly trace: string | undefined;
  /** The condition keys every request has, for handlers that ask a policy themselves. */
  readonly facts: RequestContext;
}

/** A call that is not signed: the operation finds out by itself who makes it. */
export type UnsignedCall = Omit<Call, 'principal' | 'accountId' | 'commandId'>;

/** The caller as permissions see it. */
export interface Caller {
  readonly accountId: string;
  readonly partition: string;
  readonly region: string;
  readonly principal: AccountPrincipal;
}

/**
 * What must be allowed before the handler runs. `none` is for the few operations that AWS answers to everybody, or whose
 * handler asks another kind of policy (role trust).
 */
export type Permission<Input, Deps> = 'none' | RequiredPermission<Input, Deps>;

export interface RequiredPermission<Input, Deps> {
  /** `service:Action`; by default the signing name and the operation's own name. */
  readonly action?: string;
  /** ARN the policies are asked about; the action must be allowed on each of several. The input is not validated yet. */
  readonly resource: (input: Input, caller: Caller, deps: Deps) => string | readonly string[];
  /** The operation's own condition keys. */
  readonly context?: (input: Input, caller: Caller, deps: Deps) => ConditionKeys;
}

/** Condition keys by name, in any case; undefined where the request does not have one. */
export type ConditionKeys = Readonly<Record<string, ContextValue | undefined>>;

/**
 * `write` goes through the log. `strong-read` sees everything acknowledged before the call, and falls back to what the
 * zone has while the log has no quorum. `local-read` answers from the zone's own copy.
 */
export type StateAccess = 'write' | 'strong-read' | 'local-read';

export interface OperationSpec<Client, Name extends OperationName<Client>, Deps> {
  readonly name: Name;
  readonly state: StateAccess;
  readonly permission: Permission<OperationInput<Client, Name>, Deps>;
  /** What differs from AWS, for the compatibility table. */
  readonly gaps?: readonly string[];
  handle(
    input: OperationInput<Client, Name>,
    call: Call,
    deps: Deps,
  ): OperationOutput<Client, Name> | Promise<OperationOutput<Client, Name>>;
}

/** An operation with its types forgotten: what tables and the pipeline hold. Input has been read by the model. */
export interface AnyOperation<Deps> {
  readonly name: string;
  readonly state: StateAccess;
  readonly permission: Permission<Record<string, unknown>, Deps>;
  readonly gaps?: readonly string[];
  readonly handle: (input: Record<string, unknown>, call: Call, deps: Deps) => object | Promise<object>;
  /** In place of `handle`, for an operation whose calls are not signed. */
  readonly handleUnsigned?: (
    input: Record<string, unknown>,
    call: UnsignedCall,
    deps: Deps,
  ) => object | Promise<object>;
}

/** Gives `spec` the form that operation tables hold; the model guarantees the types that are forgotten here. */
export const operation = <Client, Name extends OperationName<Client>, Deps>(
  spec: OperationSpec<Client, Name, Deps>,
): AnyOperation<Deps> => spec as unknown as AnyOperation<Deps>;

/** An operation that answers calls nobody signed (`"authtype": "none"` in AWS's models); it reads the zone's own copy. */
export interface UnsignedOperationSpec<Client, Name extends OperationName<Client>, Deps> {
  readonly name: Name;
  /** What differs from AWS, for the compatibility table. */
  readonly gaps?: readonly string[];
  handle(
    input: OperationInput<Client, Name>,
    call: UnsignedCall,
    deps: Deps,
  ): OperationOutput<Client, Name> | Promise<OperationOutput<Client, Name>>;
}

/** Gives `spec` the form that operation tables hold. A signature, where there is one, changes nothing. */
export function unsignedOperation<Client, Name extends OperationName<Client>, Deps>(
  spec: UnsignedOperationSpec<Client, Name, Deps>,
): AnyOperation<Deps> {
  const handle = spec.handle as unknown as NonNullable<AnyOperation<Deps>['handleUnsigned']>;
  const { name, gaps = [] } = spec;
  return { name, gaps, state: 'local-read', permission: 'none', handle, handleUnsigned: handle };
}
