/**
 * Writes calls down as CloudTrail does ("CloudTrail record contents" of the CloudTrail User Guide): every call that was
 * authenticated, answered or refused, and calls of STS that prove who makes them with a web identity token. Requests
 * whose credentials or signature are wrong belong to no account, and are not recorded, as with AWS.
 */
import { AwsError, headerText, type ServiceModel, type WireRequest } from '@stormglass/aws-wire';
import { type Clock, errorStory, type Logger, type Random, uuid } from '@stormglass/base';
import type { AccountPrincipal } from '@stormglass/identity';
import type { Origin } from '../request-facts.ts';
import type { BoundOperation, Service } from '../service.ts';
import type { AuditEvent, AuditIndex, AuditSink } from './audit-event.ts';
import { Elements } from './elements.ts';
import { resourcesOf } from './resources.ts';
import { eventTime } from './times.ts';
import { foreignIdentity, userIdentityOf, userNameOf } from './user-identity.ts';
import { webIdentityIn } from './web-identity.ts';

export interface CallRecorderOptions {
  readonly sink: AuditSink;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly partition: string;
  readonly region: string;
  readonly homeRegion: string;
}

/** A call that has been answered, or is about to be. */
export interface AnsweredCall {
  readonly requestId: string;
  readonly request: WireRequest;
  readonly origin: Origin;
  readonly service: Service;
  readonly operation: BoundOperation;
  /** Undefined where the call is not signed. */
  readonly caller: { readonly principal: AccountPrincipal; readonly accessKeyId: string } | undefined;
  /** As far as it could be read. */
  readonly input: Record<string, unknown> | undefined;
  readonly output: object | undefined;
  /** What the client is told in place of an answer. */
  readonly error: unknown;
}

/** "Maximum event size" and the limits of fields, in characters. */
const ELEMENTS_MAX = 100 * 1024;
const TEXT_MAX = 1024;
/** Callers whose description is remembered. */
const CALLERS_MAX = 2000;

export class CallRecorder {
  readonly #options: CallRecorderOptions;
  readonly #elements = new Map<ServiceModel, Elements>();
  /** By access key and ARN, as text: most calls are made by few. */
  readonly #identified = new Map<string, Who>();
  /** Of calls that are about no resource, by caller and operation. */
  readonly #indexes = new WeakMap<Who, Map<BoundOperation, AuditIndex>>();

  constructor(options: CallRecorderOptions) {
    this.#options = options;
  }

  /** Resolves when the call is written down; never rejects: telling must not stop what is told about. */
  async record(call: AnsweredCall): Promise<void> {
    const { sink, logger } = this.#options;
    try {
      const told = this.#told(call);
      if (told === undefined) return;
      const owner = foreignOwner(call, told.index);
      if (owner === undefined) await sink.record(eventOf(told));
      else await Promise.all(this.#both(told, call.caller!.principal, owner).map(each => sink.record(eventOf(each))));
    } catch (error) {
      logger.error('a call was not recorded', { requestId: call.requestId, error: errorStory(error) });
    }
  }

  /** A session that is handed out across accounts is told to the owner of the role as well. */
  #both(told: Told, principal: AccountPrincipal, owner: string): readonly Told[] {
    const { random } = this.#options;
    const sharedEventId = uuid(random);
    const copy = { id: uuid(random), identity: JSON.stringify(foreignIdentity(principal)) };
    return [
      { ...told, sharedEventId },
      { ...told, ...copy, sharedEventId, index: { ...told.index, account: owner } },
    ];
  }

  #told(call: AnsweredCall): Told | undefined {
    const { clock, random } = this.#options;
    const { service, operation, request, caller, input, error } = call;
    const who = this.#who(call);
    if (who === undefined) return undefined;
    const { model } = service;
    const isDenied = error instanceof AwsError && error.code.startsWith('AccessDenied') && caller !== undefined;
    const { input: inputs, output: outputs } = model.operations.get(operation.name)!;
    const elements = this.#elementsOf(model);
    // Of a call that is denied AWS does not say what it asked for.
    const parameters = isDenied ? null : elements.of(inputs, input);
    // Answers to questions are not repeated; sessions of STS, which changes nothing, are.
    const isRepeated = operation.state === 'write' || HANDS_OUT_SESSIONS.test(operation.name);
    const answer = isRepeated ? elements.of(outputs, call.output) : null;
    return {
      id: uuid(random),
      // Clocks that are set wrong may be wrong by fractions.
      time: Math.floor(clock.now()),
      index: this.#indexOf(call, who, resourcesOf(sourceOf(model), parameters, answer)),
      identity: who.identity,
      requestId: call.requestId,
      address: call.origin.remoteAddress,
      userAgent: headerText(request.headers, 'user-agent')?.slice(0, TEXT_MAX) ?? null,
      parameters: bounded(parameters),
      answer: bounded(answer),
      more: { error: errorOf(model, error), servedBy: this.#servedBy(service), tls: tlsOf(call.origin, request) },
    };
  }

  #who({ caller, input }: AnsweredCall): Who | undefined {
    if (caller === undefined) {
      const found = webIdentityIn(input, this.#options.partition);
      return found && { ...found, identity: JSON.stringify(found.identity) };
    }
    const { principal, accessKeyId } = caller;
    const key = `${accessKeyId} ${principal.userId} ${principal.arn}`;
    let who = this.#identified.get(key);
    if (who === undefined) {
      const identity = JSON.stringify(userIdentityOf(principal, accessKeyId));
      who = { identity, account: principal.accountId, user: userNameOf(principal) };
      if (this.#identified.size >= CALLERS_MAX) this.#identified.clear();
      this.#identified.set(key, who);
    }
    return who;
  }

  #indexOf({ service, operation, caller }: AnsweredCall, who: Who, resources: AuditIndex['resources']): AuditIndex {
    let known = this.#indexes.get(who);
    if (known === undefined) this.#indexes.set(who, (known = new Map()));
    const found = resources.length === 0 ? known.get(operation) : undefined;
    if (found !== undefined) return found;
    const { region, homeRegion } = this.#options;
    const index: AuditIndex = {
      region: service.isGlobal ? homeRegion : region,
      account: who.account,
      name: operation.name,
      source: sourceOf(service.model),
      user: who.user,
      accessKeyId: caller?.accessKeyId ?? '',
      readOnly: operation.state !== 'write',
      resources,
    };
    if (resources.length === 0) known.set(operation, index);
    return index;
  }

  /** STS alone says which of its endpoints was asked, and where it stands. */
  #servedBy({ model, isGlobal }: Service): string {
    if (model.signingName !== 'sts') return '';
    const endpoint = isGlobal ? 'global' : 'regional';
    const details = `"awsServingRegion":"${this.#options.region}","endpointType":"${endpoint}"`;
    return `"additionalEventData":{"RequestDetails":{${details}}},`;
  }

  #elementsOf(model: ServiceModel): Elements {
    let elements = this.#elements.get(model);
    if (elements === undefined) {
      elements = new Elements(model);
      this.#elements.set(model, elements);
    }
    return elements;
  }
}

const HANDS_OUT_SESSIONS = /^(?:AssumeRo|Get(?:SessionToken|FederationToken)$)/;

interface Who {
  /** As JSON. */
  readonly identity: string;
  readonly account: string;
  readonly user: string;
}

/** All that is said of a call; `identity`, elements and `more` as JSON already. */
interface Told {
  readonly id: string;
  readonly time: number;
  readonly index: AuditIndex;
  readonly identity: string;
  readonly requestId: string;
  readonly address: string;
  readonly userAgent: string | null;
  readonly parameters: string;
  readonly answer: string;
  readonly more: { readonly error: string; readonly servedBy: string; readonly tls: string };
  readonly sharedEventId?: string;
}

const sourceOf = ({ signingName }: ServiceModel): string => `${signingName}.amazonaws.com`;

/** Put together as text: nine tenths of it are known from the call before, or are text of our own. */
function eventOf({ id, time, index, identity, parameters, answer, more, ...told }: Told): AuditEvent {
  const shared = told.sharedEventId === undefined ? '' : `"sharedEventID":"${told.sharedEventId}",`;
  const record =
    `{"eventVersion":"1.11","userIdentity":${identity},"eventTime":"${eventTime(time)}",` +
    `"eventSource":"${index.source}","eventName":"${index.name}","awsRegion":"${index.region}",` +
    `"sourceIPAddress":${JSON.stringify(told.address)},"userAgent":${JSON.stringify(told.userAgent)},${more.error}` +
    `"requestParameters":${parameters},"responseElements":${answer},${more.servedBy}` +
    `"requestID":"${told.requestId}","eventID":"${id}",${shared}"readOnly":${index.readOnly},${rolesOf(index)}` +
    `"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"${index.account}",` +
    `"eventCategory":"Management"${more.tls}}`;
  return { id, time, index, record };
}

/** The account whose role was handed out to somebody of another one. */
function foreignOwner({ service, caller, output }: AnsweredCall, { resources }: AuditIndex): string | undefined {
  if (caller === undefined || output === undefined || service.model.signingName !== 'sts') return undefined;
  const owner = resources.find(([type]) => type === 'AWS::IAM::Role')?.[1].split(':')[4];
  return owner === caller.principal.accountId ? undefined : owner;
}

/** Elements as JSON. What is too long is left out, and that is said. */
function bounded(elements: object | null): string {
  if (elements === null) return 'null';
  const text = JSON.stringify(elements);
  return text.length > ELEMENTS_MAX ? '{"omitted":true}' : text;
}

/** The code is the name of the modelled shape: `NoSuchEntityException`, where the client saw `NoSuchEntity`. */
function errorOf(model: ServiceModel, error: unknown): string {
  if (error === undefined) return '';
  const isOurs = !(error instanceof AwsError);
  const code = isOurs ? 'InternalFailure' : (model.errors.get(error.code)?.shape ?? error.code);
  const message = isOurs ? 'An unknown error occurred' : error.message.slice(0, TEXT_MAX);
  return `"errorCode":${JSON.stringify(code)},"errorMessage":${JSON.stringify(message)},`;
}

function rolesOf({ source, resources }: AuditIndex): string {
  if (resources.length === 0 || source !== 'sts.amazonaws.com') return '';
  const roles = resources.filter(([type]) => type === 'AWS::IAM::Role');
  if (roles.length === 0) return '';
  const shown = roles.map(([type, arn]) => ({ accountId: arn.split(':')[4] ?? '', type, ARN: arn }));
  return `"resources":${JSON.stringify(shown)},`;
}

function tlsOf({ tls }: Origin, { headers }: WireRequest): string {
  if (tls === undefined) return '';
  const clientProvidedHostHeader = headerText(headers, 'host');
  const details = { tlsVersion: tls.version, cipherSuite: tls.cipherSuite, clientProvidedHostHeader };
  return `,"tlsDetails":${JSON.stringify(details)}`;
}
