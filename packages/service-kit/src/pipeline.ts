/**
 * The way of a request through a host, spelled out once for every service:
 *
 *     request id → admission → find the service → authenticate → find the operation → throttle
 *     → meet injected faults → read the input → authorize → validate → bring the state up to date
 *     → handle → encode → write down (`audit/`) → tell
 *
 * The body is read before all that, except where a service has streaming operations: there it is left on the socket
 * until somebody has signed for it. Where policies are part of a service's own state, the state comes up to date before
 * they are asked. Knows nothing of sockets: `http-host.ts` feeds it from real ones, simulations call it directly.
 */

import {
  type Authorization,
  type AwsError,
  bucketInHost,
  dialectOf,
  missingAuthentication,
  parseAuthorization,
  readInput,
  resolve,
  validate,
  type Call as WireCall,
  type WireResponse,
  withHoistedHeaders,
  writeError,
  writeOutput,
} from '@stormglass/aws-wire';
import { type Clock, type Logger, type Random, sleep } from '@stormglass/base';
import type { CallFaults } from '@stormglass/faults';
import type { AccountPrincipal } from '@stormglass/identity';
import { LogUnavailable } from '@stormglass/replicated-state';
import type { Admission } from './admission.ts';
import { addHeaders, statusOf } from './answered.ts';
import { type AuditSink, CallRecorder } from './audit/index.ts';
import { type Authenticated, authenticateForm, authenticateRequest, type IamReplica } from './authentication.ts';
import { Authorizer } from './authorizer.ts';
import { report } from './call-report.ts';
import { arrivedCall, identifiedCall } from './calls.ts';
import { decodedStream, decodedWhole, unsignedPayload } from './decoded-body.ts';
import type { OpenCall, RequestHead } from './operation.ts';
import { begin, type Progress } from './progress.ts';
import type { Origin } from './request-facts.ts';
import type { RequestBody, RequestStream } from './request-stream.ts';
import { ServiceTable } from './routing.ts';
import type { BoundOperation, Service } from './service.ts';
import { injectedError, logUnavailable, overloaded } from './service-errors.ts';
import type { Telemetry } from './telemetry.ts';
import type { Traffic } from './traffic.ts';
import { whenRead } from './when-read.ts';

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

  /**
   * Answers a request; never rejects. The body is taken only once the request has been admitted. Where the answer's
   * body is a stream, whoever sends it reads it to its end or calls `return`.
   */
  async handle(head: RequestHead, body: RequestBody, origin: Origin): Promise<WireResponse> {
    const { admission } = this.#options;
    const progress = begin(this.#options, head, origin);
    if (!admission.enter()) return this.#answerError(progress, overloaded());
    const leave = () => admission.leave(progress.isStream);
    try {
      return whenRead(await this.#respond(progress, body, origin), leave);
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** The answer to a request that did not get this far, because it could not be read as HTTP; counted and told. */
  refuse(error: AwsError): WireResponse {
    return this.#answerError(begin(this.#options, NOTHING), error);
  }

  async #respond(progress: Progress, body: RequestBody, origin: Origin): Promise<WireResponse> {
    try {
      const response = await this.#answer(progress, body, origin);
      await this.#record(progress, origin, undefined);
      progress.service?.after?.(progress.request, response);
      return report(this.#options, progress, response, undefined);
    } catch (error) {
      await this.#record(progress, origin, error);
      return this.#answerError(progress, error);
    }
  }

  async #answer(progress: Progress, body: RequestBody, origin: Origin): Promise<WireResponse> {
    const { authorization, service } = await this.#find(progress, body);
    progress.service = service;
    if (service === undefined) throw missingAuthentication('query');
    const early =
      (await service.before?.(progress.request)) ?? (await this.#unmodelled(progress, service, body, origin));
    if (early !== undefined) return early;
    const { wireCall, operation } = await this.#identify(progress, service, authorization);
    const { caller } = progress;
    if (wireCall.operation.isStream) {
      progress.isStream = this.#options.admission.enterStream();
      if (!progress.isStream) throw overloaded();
    }
    this.#options.traffic?.pass(wireCall.operation, caller?.principal, origin.remoteAddress);
    const { callFaults } = this.#options;
    if (callFaults?.isIdle === false) await this.#meet(callFaults, progress, operation, caller?.principal);
    const stream = service.model.hasStreams ? await this.#take(progress, service, wireCall, body) : undefined;
    const input = readInput(wireCall, progress.request);
    progress.input = input;
    if (operation.handleUnsigned !== undefined && caller === undefined) {
      validate(wireCall, input);
      progress.output = await operation.handleUnsigned(input, arrivedCall(this.#options, progress, origin));
    } else {
      const call = this.#call(progress, service, origin, caller, stream);
      await this.#authorize(progress, service, operation, input, call);
      validate(wireCall, input);
      if (operation.state === 'strong-read' && !operation.asksState) await this.#freshen(progress, service, call);
      progress.output = await operation.handle(input, call);
    }
    return this.#encode(wireCall, progress.output, progress.requestId);
  }

  /** Finds the service by the head alone if it can; where it has no streams, the body is read first, whatever comes. */
  async #find(progress: Progress, body: RequestBody): Promise<Found> {
    let told: Found | { readonly error: unknown };
    try {
      const authorization = parseAuthorization(progress.request);
      told = { authorization, service: this.#services.find(progress.request, authorization) };
    } catch (error) {
      told = { error };
    }
    if ('service' in told && told.service?.model.hasStreams) {
      const hostBucket = bucketInHost(progress.request);
      progress.request = { ...progress.request, stream: NOT_YET, ...(hostBucket && { hostBucket }) };
      return told;
    }
    const bytesMax = 'service' in told ? told.service?.bodyBytesMax : undefined;
    progress.request = { ...progress.request, body: await body.whole(bytesMax) };
    if ('error' in told) throw told.error;
    return { ...told, service: told.service ?? this.#services.find(progress.request, told.authorization) };
  }

  async #unmodelled(
    progress: Progress,
    service: Service,
    body: RequestBody,
    origin: Origin,
  ): Promise<WireResponse | undefined> {
    const form = service.unmodelled?.(progress.request);
    if (form === undefined) return undefined;
    progress.operation = form.name;
    const { iam, clock, region } = this.#options;
    return form.handle(progress.request, body, {
      caller: async fields => {
        const caller = await authenticateForm(fields, this.#expected(service), iam, { region, now: clock.now() });
        this.#know(progress, caller);
        return this.#call(progress, service, origin, caller, undefined);
      },
      authorize: (operation, input, call) =>
        this.#authorize(progress, service, service.operations.get(operation)!, input, call),
    });
  }

  async #identify(
    progress: Progress,
    service: Service,
    authorization: Authorization | undefined,
  ): Promise<{ wireCall: WireCall; operation: BoundOperation }> {
    if (authorization === undefined) {
      if (service.anonymous) return this.#asked(progress, service);
      const asked = service.unsignedActions.length === 0 ? undefined : this.#asked(progress, service);
      if (asked?.operation.handleUnsigned === undefined) throw missingAuthentication(dialectOf(service.model));
      return asked;
    }
    const { iam, clock, region } = this.#options;
    const at = { region, now: clock.now() };
    const dialect = dialectOf(service.model);
    const expected = this.#expected(service);
    this.#know(progress, await authenticateRequest(progress.request, authorization, dialect, expected, iam, at));
    if (service.model.hasStreams && progress.caller?.verified.isPresigned)
      progress.request = withHoistedHeaders(progress.request);
    return this.#asked(progress, service);
  }

  #expected({ isGlobal, model, alsoSignedAs = [] }: Service) {
    const { region, homeRegion } = this.#options;
    return { regions: [isGlobal ? homeRegion : region], services: [model.signingName, ...alsoSignedAs] };
  }

  #know(progress: Progress, caller: Authenticated | undefined): void {
    progress.caller = caller;
    progress.principal = caller?.principal.arn ?? '';
  }

  #asked(progress: Progress, service: Service): { wireCall: WireCall; operation: BoundOperation } {
    const wireCall = resolve(service.model, progress.request);
    const operation = service.operations.get(wireCall.operation.name)!;
    progress.operation = operation.name;
    progress.bound = operation;
    progress.isMutation = operation.state === 'write' && !operation.isDataEvent;
    return { wireCall, operation };
  }

  async #meet(
    faults: CallFaults,
    progress: Progress,
    { name, state, isDataEvent }: BoundOperation,
    principal: AccountPrincipal | undefined,
  ): Promise<void> {
    const { region, clock } = this.#options;
    // An endpoint beside the regional one fails apart from it.
    const { model, onlyAt } = progress.service!;
    const names = onlyAt === undefined ? [model.id, model.signingName] : [model.id];
    const role = principal?.kind === 'assumed-role' ? principal : undefined;
    const verdict = faults.meet({
      ...{ service: names, operation: name, region, callerRole: role?.roleName },
      access: state !== 'write' ? 'read' : isDataEvent ? 'data-write' : 'write',
      callerArns: [principal?.arn, role?.roleArn].filter(arn => arn !== undefined),
    });
    if (verdict === undefined) return;
    progress.fault = verdict.id;
    if (verdict.delayMs > 0) await sleep(clock, verdict.delayMs);
    progress.heldMs = verdict.delayMs;
    if (verdict.error !== undefined) throw injectedError(verdict.error.code, verdict.error.statusCode);
  }

  /** Takes the body: whole and in memory, or as the stream that it stays. */
  async #take(
    progress: Progress,
    service: Service,
    { operation }: WireCall,
    body: RequestBody,
  ): Promise<RequestStream | undefined> {
    const { request, caller } = progress;
    const payload = caller?.verified ?? unsignedPayload(request);
    if (operation.streamsInput) {
      const stream = decodedStream(request, body, payload);
      progress.request = { ...request, stream: stream.chunks };
      return stream;
    }
    const { bytes, trailers } = await decodedWhole(request, body, payload, service.bodyBytesMax);
    service.checkBody?.(request, bytes, trailers);
    progress.request = { ...request, body: bytes };
    return undefined;
  }

  #call(
    progress: Progress,
    service: Service,
    origin: Origin,
    caller: Authenticated | undefined,
    body: RequestStream | undefined,
  ): OpenCall {
    const allow: OpenCall['allow'] = asked => this.#authorizer.further(service, asked, call);
    const call = identifiedCall(arrivedCall(this.#options, progress, origin), caller, body, allow);
    return call;
  }

  /** Refuses a write only with a state that is up to date: what would allow it may be new in another zone. */
  async #authorize(
    progress: Progress,
    service: Service,
    operation: BoundOperation,
    input: Record<string, unknown>,
    call: OpenCall,
  ): Promise<void> {
    const { asksState, state } = operation;
    if (asksState && state === 'strong-read') await this.#freshen(progress, service, call);
    try {
      await this.#authorizer.operation(service, operation, input, call);
    } catch (error) {
      if (!asksState || state !== 'write') throw error;
      await this.#freshen(progress, service, call);
      await this.#authorizer.operation(service, operation, input, call);
    }
  }

  async #freshen(progress: Progress, service: Service, call: OpenCall): Promise<void> {
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

  #encode(wireCall: WireCall, output: object, requestId: string): WireResponse {
    const status = statusOf(output);
    const response = writeOutput(wireCall, output, requestId, status === undefined ? {} : { status });
    addHeaders(output, response);
    return response;
  }

  /** Requests that nobody has proved to have made are not recorded. */
  #record(progress: Progress, origin: Origin, error: unknown): Promise<void> | undefined {
    const { requestId, request, service, bound: operation, caller: made, input, output } = progress;
    if (this.#recorder === undefined || service === undefined || operation === undefined) return undefined;
    if (operation.isDataEvent) return undefined;
    const caller = made && { principal: made.principal, accessKeyId: made.verified.accessKeyId };
    const shown = shownError(service, error);
    const call = { requestId, request, origin, service, operation, caller, input, output, error: shown };
    return this.#recorder.record(call);
  }

  #answerError(progress: Progress, error: unknown): WireResponse {
    const { service, requestId, request } = progress;
    const shown = shownError(service, error);
    const response = writeError(service?.model, shown, request, requestId);
    service?.after?.(request, response);
    // A client that reconnects may be given a zone that is better off than this one.
    if (response.status === 503) response.headers.connection = 'close';
    return report(this.#options, progress, response, shown);
  }
}

interface Found {
  readonly authorization: Authorization | undefined;
  readonly service: Service | undefined;
}

/** What the client sees of a failure. */
const shownError = (service: Service | undefined, error: unknown): unknown =>
  error instanceof LogUnavailable ? logUnavailable(service?.model.id ?? '', error) : error;

/** Says that the body is none that could be compared with its hash by now. */
const NOT_YET: AsyncIterable<Uint8Array> = {
  [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }),
};
const NOTHING: RequestHead = { method: 'GET', path: '/', query: '', headers: {} };
