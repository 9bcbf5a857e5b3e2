/**
 * What a service says about each of its operations: who may call it, on what, how fresh its reads are, and the answer.
 * One operation is one file; the pipeline (`pipeline.ts`) does everything that all of them have in common.
 */
import type { OperationInput, OperationName, OperationOutput, WireRequest } from '@stormglass/aws-wire';
import type {
  AccountPrincipal,
  AnonymousPrincipal,
  CompiledPolicy,
  ContextValue,
  RequestContext,
} from '@stormglass/identity';
import type { RequestStream } from './request-stream.ts';

/** A request without its body. */
export type RequestHead = Omit<WireRequest, 'body' | 'stream'>;

/** Who calls, and how; the same for every service. */
export interface Call extends OpenCall {
  readonly principal: AccountPrincipal;
}

/** A call to a service that answers strangers, too (`Service.anonymous`): nobody may have signed it. */
export interface OpenCall {
  readonly requestId: string;
  readonly region: string;
  readonly zone: string;
  readonly partition: string;
  readonly principal: AccountPrincipal | AnonymousPrincipal;
  /** Account of the caller; empty when nobody signed. */
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
  readonly request: RequestHead;
  /** The body, where the operation's input has a streaming member; the member itself is `body.chunks`. */
  readonly body: RequestStream | undefined;
  /** How the request was signed: `header`, `query` (presigned) or `form` (POST policy); undefined when it was not. */
  readonly signed: Signed | undefined;
  /**
   * Asks the policies about something beside the operation's own permission, by the same rules.
   * @throws AwsError when a policy does not allow it
   */
  allow(asked: FurtherPermission): Promise<void>;
}

export interface Signed {
  readonly form: 'header' | 'query' | 'form';
  readonly version: 2 | 4;
  readonly accessKeyId: string;
  /** `x-amz-content-sha256` as signed: a hash, or the name of what stands for one. */
  readonly payloadHash: string;
  /** When it was signed, in ms since the epoch; undefined where that is not said. */
  readonly at: number | undefined;
}

/** Whom a resource belongs to, and the policy it carries. */
export interface ResourceOwner {
  readonly account: string;
  readonly policy?: CompiledPolicy | undefined;
}

export interface FurtherPermission {
  readonly action: string;
  readonly resource: string;
  /** The caller's own account, without a policy, where it is not said. */
  readonly owner?: ResourceOwner | undefined;
  readonly context?: ConditionKeys;
}

/** A call that is not signed: the operation finds out by itself who makes it. */
export type UnsignedCall = Omit<Call, 'principal' | 'accountId' | 'commandId' | 'body' | 'signed' | 'allow'>;

/** The caller as permissions see it. */
export type Caller = Pick<Call, 'accountId' | 'partition' | 'region' | 'principal'>;

/**
 * What must be allowed before the handler runs: all of a list. `none` is for the few operations that AWS answers to
 * everybody, or whose handler asks another kind of policy (role trust).
 */
export type Permission<Input, Deps, Who = Caller> =
  | 'none'
  | RequiredPermission<Input, Deps, Who>
  | readonly RequiredPermission<Input, Deps, Who>[];

/** The input that its functions see is not validated yet. What they throw is the answer. */
export interface RequiredPermission<Input, Deps, Who = Caller> {
  /** `service:Action`; by default the signing name and the operation's own name. */
  readonly action?: string | ((input: Input, caller: Who, deps: Deps) => string);
  /** ARN the policies are asked about; the action must be allowed on each of several, and none needs no permission. */
  readonly resource: (input: Input, caller: Who, deps: Deps) => string | readonly string[];
  /**
   * Whom the resource belongs to and the policy it has; undefined where it is the caller's own and has none. Where it is
   * given, the state is brought up to date before it is asked, or, for a write, before it refuses.
   */
  readonly owner?: (input: Input, caller: Who, deps: Deps) => ResourceOwner | undefined;
  /** The operation's own condition keys. */
  readonly context?: (input: Input, caller: Who, deps: Deps) => ConditionKeys;
}

/** Condition keys by name, in any case; undefined where the request does not have one. */
export type ConditionKeys = Readonly<Record<string, ContextValue | undefined>>;

/**
 * `write` goes through the log. `strong-read` sees everything acknowledged before the call, and falls back to what the
 * zone has while the log has no quorum. `local-read` answers from the zone's own copy.
 */
export type StateAccess = 'write' | 'strong-read' | 'local-read';

/** `Who` is `OpenCall` for the operations of a service that answers strangers, too. */
export interface OperationSpec<Client, Name extends OperationName<Client>, Deps, Who extends OpenCall = Call> {
  readonly name: Name;
  readonly state: StateAccess;
  readonly permission: Permission<OperationInput<Client, Name>, Deps, Who>;
  /** Works on what a resource holds, and not on the resource itself: such calls are not recorded (AWS: data events). */
  readonly isDataEvent?: true;
  /** What differs from AWS, for the compatibility table. */
  readonly gaps?: readonly string[];
  handle(
    input: OperationInput<Client, Name>,
    call: Who,
    deps: Deps,
  ): OperationOutput<Client, Name> | Promise<OperationOutput<Client, Name>>;
}

/** An operation with its types forgotten: what tables and the pipeline hold. Input has been read by the model. */
export interface AnyOperation<Deps> {
  readonly name: string;
  readonly state: StateAccess;
  readonly permission: Permission<Record<string, unknown>, Deps, OpenCall>;
  readonly isDataEvent?: true;
  readonly gaps?: readonly string[];
  readonly handle: (input: Record<string, unknown>, call: OpenCall, deps: Deps) => object | Promise<object>;
  /** In place of `handle`, for an operation whose calls are not signed. */
  readonly handleUnsigned?: (
    input: Record<string, unknown>,
    call: UnsignedCall,
    deps: Deps,
  ) => object | Promise<object>;
}

/** Gives `spec` the form that operation tables hold; the model guarantees the types that are forgotten here. */
export const operation = <Client, Name extends OperationName<Client>, Deps, Who extends OpenCall = Call>(
  spec: OperationSpec<Client, Name, Deps, Who>,
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
