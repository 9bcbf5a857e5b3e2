/**
 * The way of a request through a host, spelled out once for every service:
 *
 *     request id → admission → find the service → authenticate → find the operation → throttle
 *     → meet injected faults → read the input → authorize → validate → bring the state up to date
 *     → handle → encode → write down (`audit/`) → tell
 *
 * Knows nothing of sockets: `http-host.ts` feeds it from real ones, simulations call it directly.
 */

import { hash } from 'node:crypto';
import {
  type Authorization,
  AwsError,
  dialectOf,
  headerText,
  missingAuthentication,
  parseAuthorization,
  parseCompactTimestamp,
  readInput,
  resolve,
  type Verified,
  validate,
  type Call as WireCall,
  type WireRequest,
  type WireResponse,
  writeError,
  writeOutput,
} from '@stormglass/aws-wire';
import { type Clock, errorStory, type Logger, type Random, sleep, uuid } from '@stormglass/base';
import type { CallFaults } from '@stormglass/faults';
import type { AccountPrincipal } from '@stormglass/identity';
import { LogUnavailable } from '@stormglass/replicated-state';
import type { Admission } from './admission.ts';
import { addHeaders, statusOf } from './answered.ts';
import { type AuditSink, CallRecorder } from './audit/index.ts';
import { type Authenticated, authenticateRequest, type IamReplica } from './authentication.ts';
import { Authorizer } from './authorizer.ts';
import type { Call, UnsignedCall } from './operation.ts';
import { type Origin, requestFacts } from './request-facts.ts';
import { ServiceTable } from './routing.ts';
import type { BoundOperation, Service } from './service.ts';
import { injectedError, logUnavailable, overloaded } from './service-errors.ts';
import type { Span, Telemetry } from './telemetry.ts';
import type { Traffic } from './traffic.ts';

export interface PipelineOptions {
  readonly services: readonly Service[];
  readonly iam: IamReplica;
  readonly admission: Admission;
  /** Counts calls and may find them too many; without it nobody does. */
  readonly traffic?: Traffic;
  /** Faults on calls, for experiments; without it there are none. */
  readonly callFaults?: CallFaults;
  /** Takes every call down before it is answered; without it nothing is recorded. */
  readonly audit?: AuditSink;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly partition: string;
  readonly region: string;
  /** Where global services are signed for. */
  readonly homeRegion: string;
  readonly zone: string;
  /** How long a call may wait for the log, in ms. */
  readonly deadlineMs: number;
}

/** What one request has become so far; filled in along the way, and told at the end whatever happened. */
interface Progress {
  readonly requestId: string;
  readonly startedAt: number;
  readonly span: Span | undefined;
  service: Service | undefined;
  operation: string;
  principal: string;
  isMutation: boolean;
  /** As far as the request got: who made it, which operation it is, what it asks, and what is answered. */
  caller: Authenticated | undefined;
  bound: BoundOperation | undefined;
  input: Record<string, unknown> | undefined;
  output: object | undefined;
  /** A read that could not be confirmed was answered from the zone's own copy. */
  readLocally: boolean;
  /** The injected fault that the call met: the id of its rule. */
  fault: string | undefined;
  /** So long the call was held by injected faults, in ms: no time of ours. */
  heldMs: number;
}

export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #services: ServiceTable;
  readonly #authorizer: Authorizer;
  readonly #recorder: CallRecorder | undefined;

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#recorder = options.audit && new CallRecorder({ ...options, sink: options.audit });
    this.#services = new ServiceTable(options.services);
    this.#authorizer = new Authorizer(options);
  }

  get admission(): Admission {
    return this.#options.admission;
  }

  /** Answers a request; never rejects. The body is taken only once the request has been admitted. */
  async handle(head: Omit<WireRequest, 'body'>, body: () => Promise<Buffer>, origin: Origin): Promise<WireResponse> {
    const { admission } = this.#options;
    const progress = this.#begin(head, origin);
    let request: WireRequest = { ...head, body: NO_BODY };
    if (!admission.enter()) return this.#answerError(progress, request, overloaded());
    try {
      request = { ...head, body: await body() };
      const response = await this.#answer(progress, request, origin);
      await this.#record(progress, request, origin, undefined);
      return this.#tell(progress, response, undefined);
    } catch (error) {
      await this.#record(progress, request, origin, error);
      return this.#answerError(progress, request, error);
    } finally {
      admission.leave();
    }
  }

  /** The answer to a request that did not get this far, because it could not be read as HTTP; counted and told. */
  refuse(error: AwsError): WireResponse {
    return this.#answerError(this.#begin(NOTHING), NOTHING, error);
  }

  #begin({ headers }: Pick<WireRequest, 'headers'>, origin?: Origin): Progress {
    const { random, clock, telemetry } = this.#options;
    return {
      requestId: uuid(random),
      startedAt: clock.monotonic(),
      span: telemetry.request('request', headers, { passedOn: origin?.traceparent, arrival: origin?.arrival }),
      service: undefined,
      operation: '',
      principal: '',
      isMutation: false,
      caller: undefined,
      bound: undefined,
      input: undefined,
      output: undefined,
      readLocally: false,
      fault: undefined,
      heldMs: 0,
    };
  }

  async #answer(progress: Progress, request: WireRequest, origin: Origin): Promise<WireResponse> {
    const authorization = parseAuthorization(request);
    const service = this.#services.find(request, authorization);
    progress.service = service;
    const { caller, wireCall, operation } = await this.#identify(progress, request, service, authorization);
    this.#options.traffic?.pass(wireCall.operation, caller?.principal, origin.remoteAddress);
    const { callFaults } = this.#options;
    if (callFaults?.isIdle === false) await this.#meet(callFaults, progress, operation, caller?.principal);
    const input = readInput(wireCall, request);
    progress.input = input;
    const arrived = this.#arrived(progress, request, origin);
    let output: object;
    if (caller === undefined) {
      validate(wireCall, input);
      output = await operation.handleUnsigned!(input, arrived);
    } else {
      const call = this.#call(arrived, request, caller, service!);
      await this.#authorizer.operation(service!, operation, input, call);
      validate(wireCall, input);
      if (operation.state === 'strong-read') await this.#freshen(progress, service!, call);
      output = await operation.handle(input, call);
    }
    progress.output = output;
    const status = statusOf(output);
    const response = writeOutput(wireCall, output, progress.requestId, status === undefined ? {} : { status });
    addHeaders(output, response);
    return response;
  }

  async #identify(
    progress: Progress,
    request: WireRequest,
    service: Service | undefined,
    authorization: Authorization | undefined,
  ): Promise<{ caller: Authenticated | undefined; wireCall: WireCall; operation: BoundOperation }> {
    if (service === undefined) throw missingAuthentication('query');
    if (authorization === undefined) {
      const asked = service.unsignedActions.length === 0 ? undefined : this.#asked(progress, service, request);
      if (asked?.operation.handleUnsigned === undefined) throw missingAuthentication(dialectOf(service.model));
      return { caller: undefined, ...asked };
    }
    const { iam, clock, region, homeRegion } = this.#options;
    const expected = { regions: [service.isGlobal ? homeRegion : region], services: [service.model.signingName] };
    const caller = await authenticateRequest(request, authorization, dialectOf(service.model), expected, iam, {
      region,
      now: clock.now(),
    });
    progress.principal = caller.principal.arn;
    progress.caller = caller;
    return { caller, ...this.#asked(progress, service, request) };
  }

  #asked(
    progress: Progress,
    service: Service,
    request: WireRequest,
  ): { wireCall: WireCall; operation: BoundOperation } {
    const wireCall = resolve(service.model, request);
    const operation = service.operations.get(wireCall.operation.name)!;
    progress.operation = operation.name;
    progress.bound = operation;
    progress.isMutation = operation.state === 'write';
    return { wireCall, operation };
  }

  async #meet(
    faults: CallFaults,
    progress: Progress,
    { name, state }: BoundOperation,
    principal: AccountPrincipal | undefined,
  ): Promise<void> {
    const { region, clock } = this.#options;
    // An endpoint beside the regional one fails apart from it.
    const { model, onlyAt } = progress.service!;
    const names = onlyAt === undefined ? [model.id, model.signingName] : [model.id];
    const role = principal?.kind === 'assumed-role' ? principal : undefined;
    const verdict = faults.meet({
      ...{ service: names, operation: name, region, callerRole: role?.roleName },
      access: state === 'write' ? 'write' : 'read',
      callerArns: [principal?.arn, role?.roleArn].filter(arn => arn !== undefined),
    });
    if (verdict === undefined) return;
    progress.fault = verdict.id;
    if (verdict.delayMs > 0) await sleep(clock, verdict.delayMs);
    progress.heldMs = verdict.delayMs;
    if (verdict.error !== undefined) throw injectedError(verdict.error.code, verdict.error.statusCode);
  }

  #call(arrived: UnsignedCall, request: WireRequest, { principal, verified }: Authenticated, service: Service): Call {
    const invocation = headerText(request.headers, 'amz-sdk-invocation-id');
    const commandId =
      invocation === undefined || invocation.length > INVOCATION_ID_MAX
        ? undefined
        : commandIdOf(verified, invocation, request);
    const call: Call = {
      ...arrived,
      ...{ principal, accountId: principal.accountId, commandId, body: undefined },
      signed: {
        form: verified.isPresigned ? 'query' : 'header',
        version: verified.chunks === undefined ? 2 : 4,
        accessKeyId: verified.accessKeyId,
        payloadHash: verified.payloadHash,
        at: verified.chunks && parseCompactTimestamp(verified.chunks.timestamp),
      },
      allow: asked => this.#authorizer.further(service, asked, call),
    };
    return call;
  }

  #arrived(progress: Progress, request: WireRequest, origin: Origin): UnsignedCall {
    const { region, homeRegion, zone, partition, clock, deadlineMs } = this.#options;
    return {
      requestId: progress.requestId,
      region,
      zone,
      partition,
      now: clock.now(),
      deadline: progress.startedAt + progress.heldMs + deadlineMs,
      trace: progress.span?.traceparent,
      request,
      facts: requestFacts(request, origin, progress.service?.isGlobal ? homeRegion : region),
    };
  }

  async #freshen(progress: Progress, service: Service, call: Call): Promise<void> {
    const span = this.#options.telemetry.span('log.confirm', call.trace);
    try {
      await service.upToDate(call.deadline);
      span?.end();
    } catch (error) {
      span?.end(error);
      if (!(error instanceof LogUnavailable)) throw error;
      progress.readLocally = true;
    }
  }

  /** Requests that nobody has proved to have made are not recorded. */
  #record(progress: Progress, request: WireRequest, origin: Origin, error: unknown): Promise<void> | undefined {
    const { requestId, service, bound: operation, caller: made, input, output } = progress;
    if (this.#recorder === undefined || service === undefined || operation === undefined) return undefined;
    const caller = made && { principal: made.principal, accessKeyId: made.verified.accessKeyId };
    const shown = shownError(service, error);
    return this.#recorder.record({
      requestId,
      request,
      origin,
      service,
      operation,
      caller,
      input,
      output,
      error: shown,
    });
  }

  #answerError(progress: Progress, request: WireRequest, error: unknown): WireResponse {
    const { service, requestId } = progress;
    const shown = shownError(service, error);
    const response = writeError(service?.model, shown, request, requestId);
    // A client that reconnects may be given a zone that is better off than this one.
    if (response.status === 503) response.headers.connection = 'close';
    return this.#tell(progress, response, shown);
  }

  /** Logs, counts and marks the answer. */
  #tell(progress: Progress, response: WireResponse, error: unknown): WireResponse {
    const { clock, logger, telemetry, zone } = this.#options;
    const { requestId, operation, span, principal, fault } = progress;
    const service = progress.service?.model.id ?? '';
    response.headers['x-stormglass-zone'] = zone;
    if (progress.readLocally) response.headers['x-stormglass-read'] = 'local';
    if (fault !== undefined) response.headers['x-stormglass-fault'] = fault;
    const errorCode = error === undefined ? undefined : error instanceof AwsError ? error.code : 'InternalFailure';
    const durationMs = clock.monotonic() - progress.startedAt;
    telemetry.call({ service, operation, status: response.status, errorCode, durationMs });
    if (span !== undefined) {
      span.attribute('rpc.system', 'aws-api');
      span.attribute('rpc.service', service);
      span.attribute('rpc.method', operation);
      span.attribute('aws.request_id', requestId);
      span.attribute('http.response.status_code', response.status);
      if (errorCode !== undefined) span.attribute('error.type', errorCode);
      if (progress.readLocally) span.attribute('stormglass.read', 'local');
      if (fault !== undefined) span.attribute('stormglass.fault', fault);
      span.end(response.status >= 500 ? error : undefined);
    }
    const isTold = progress.isMutation || fault !== undefined;
    const level = response.status >= 500 && fault === undefined ? 'error' : isTold ? 'info' : 'debug';
    const story = level === 'error' ? { error: errorStory(error) } : {};
    const traceId = span === undefined ? {} : { traceId: span.traceId };
    logger[level]('call', {
      requestId,
      ...traceId,
      service,
      operation,
      principal,
      status: response.status,
      errorCode,
      ...(fault === undefined ? {} : { fault }),
      ...story,
    });
    return response;
  }
}

/** What the client sees of a failure. */
const shownError = (service: Service | undefined, error: unknown): unknown =>
  error instanceof LogUnavailable ? logUnavailable(service?.model.id ?? '', error) : error;

/**
 * Payload and target are part of the id: a client that reuses an invocation id for another call must not get the first
 * one's answer.
 */
function commandIdOf({ accessKeyId, payloadHash }: Verified, invocation: string, { path, query }: WireRequest): string {
  const target = path === '/' && query === '' ? '' : hash('sha256', `${path}?${query}`).slice(0, HASH_DIGITS);
  return `${accessKeyId}/${invocation}/${payloadHash.slice(0, HASH_DIGITS)}${target}`;
}

const NO_BODY = Buffer.alloc(0);
const NOTHING: WireRequest = { method: 'GET', path: '/', query: '', headers: {}, body: NO_BODY };
const INVOCATION_ID_MAX = 128;
const HASH_DIGITS = 16;
