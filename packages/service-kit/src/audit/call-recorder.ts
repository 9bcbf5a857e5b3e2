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
import { foreignIdentity, type UserIdentity, userIdentityOf, userNameOf } from './user-identity.ts';
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
/** No record that is shorter has an element that is too long. */
const WELL_BELOW_MAX = 64 * 1024;
const EVENT_VERSION = '1.11';
const OMITTED = { omitted: true };

interface Told {
  readonly index: AuditIndex;
  readonly record: Record<string, unknown>;
}

export class CallRecorder {
  readonly #options: CallRecorderOptions;
  readonly #elements = new Map<ServiceModel, Elements>();

  constructor(options: CallRecorderOptions) {
    this.#options = options;
  }

  /** Resolves when the call is written down; never rejects: telling must not stop what is told about. */
  async record(call: AnsweredCall): Promise<void> {
    const { sink, logger } = this.#options;
    try {
      const event = this.#eventOf(call);
      if (event === undefined) return;
      const copy = this.#copyForOwner(call, event);
      await (copy === undefined ? sink.record(written(event)) : this.#both(event, copy));
    } catch (error) {
      logger.error('a call was not recorded', { requestId: call.requestId, error: errorStory(error) });
    }
  }

  async #both(event: Told, copy: Told): Promise<void> {
    const { sink, random } = this.#options;
    const shared = { sharedEventID: uuid(random) };
    await Promise.all(
      [event, copy].map(each => sink.record(written({ ...each, record: { ...each.record, ...shared } }))),
    );
  }

  #eventOf(call: AnsweredCall): Told | undefined {
    const { clock, random, partition, region, homeRegion } = this.#options;
    const { service, operation, request, origin, caller, input, error } = call;
    const { model } = service;
    const who = caller === undefined ? webIdentityIn(input, partition) : identified(caller);
    if (who === undefined) return undefined;
    const isReadOnly = operation.state !== 'write';
    const isDenied = error instanceof AwsError && error.code.startsWith('AccessDenied') && caller !== undefined;
    const { input: inputs, output: outputs } = model.operations.get(operation.name)!;
    const elements = this.#elementsOf(model);
    // Of a call that is denied AWS does not say what it asked for.
    const parameters = isDenied ? null : elements.of(inputs, input);
    // Answers to questions are not repeated; sessions of STS, which changes nothing, are.
    const answer = isReadOnly && !HANDS_OUT_SESSIONS.test(operation.name) ? null : elements.of(outputs, call.output);
    const now = clock.now();
    const index: AuditIndex = {
      id: uuid(random),
      region: service.isGlobal ? homeRegion : region,
      account: who.account,
      time: now,
      name: operation.name,
      source: `${model.signingName}.amazonaws.com`,
      user: who.user,
      accessKeyId: caller?.accessKeyId ?? '',
      readOnly: isReadOnly,
      resources: resourcesOf(`${model.signingName}.amazonaws.com`, parameters, answer),
    };
    const record = {
      eventVersion: EVENT_VERSION,
      userIdentity: who.identity,
      eventTime: eventTime(now),
      eventSource: index.source,
      eventName: index.name,
      awsRegion: index.region,
      sourceIPAddress: origin.remoteAddress,
      userAgent: headerText(request.headers, 'user-agent')?.slice(0, TEXT_MAX) ?? null,
      ...errorOf(model, error),
      requestParameters: parameters,
      responseElements: answer,
      ...this.#servedBy(service),
      requestID: call.requestId,
      eventID: index.id,
      readOnly: isReadOnly,
      ...rolesOf(index),
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: index.account,
      eventCategory: 'Management',
      ...tlsOf(origin, request),
    };
    return { index, record };
  }

  /** A session that is handed out across accounts is told to the owner of the role as well. */
  #copyForOwner({ service, caller, output }: AnsweredCall, { index, record }: Told): Told | undefined {
    if (caller === undefined || output === undefined || service.model.signingName !== 'sts') return undefined;
    const role = index.resources.find(([type]) => type === 'AWS::IAM::Role')?.[1];
    const owner = role?.split(':')[4];
    if (owner === undefined || owner === caller.principal.accountId) return undefined;
    const id = uuid(this.#options.random);
    return {
      index: { ...index, id, account: owner },
      record: {
        ...record,
        userIdentity: foreignIdentity(caller.principal),
        eventID: id,
        recipientAccountId: owner,
      },
    };
  }

  /** STS alone says which of its endpoints was asked, and where it stands. */
  #servedBy({ model, isGlobal }: Service): object {
    if (model.signingName !== 'sts') return {};
    const endpointType = isGlobal ? 'global' : 'regional';
    return { additionalEventData: { RequestDetails: { awsServingRegion: this.#options.region, endpointType } } };
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
  readonly identity: UserIdentity;
  readonly account: string;
  readonly user: string;
}

const identified = ({ principal, accessKeyId }: NonNullable<AnsweredCall['caller']>): Who => ({
  identity: userIdentityOf(principal, accessKeyId),
  account: principal.accountId,
  user: userNameOf(principal),
});

/** The code is the name of the modelled shape: `NoSuchEntityException`, where the client saw `NoSuchEntity`. */
function errorOf(model: ServiceModel, error: unknown): object {
  if (error === undefined) return {};
  if (!(error instanceof AwsError)) return { errorCode: 'InternalFailure', errorMessage: 'An unknown error occurred' };
  const errorCode = model.errors.get(error.code)?.shape ?? error.code;
  return { errorCode, errorMessage: error.message.slice(0, TEXT_MAX) };
}

function rolesOf({ source, resources }: AuditIndex): object {
  if (source !== 'sts.amazonaws.com') return {};
  const roles = resources.filter(([type]) => type === 'AWS::IAM::Role');
  if (roles.length === 0) return {};
  return { resources: roles.map(([type, arn]) => ({ accountId: arn.split(':')[4] ?? '', type, ARN: arn })) };
}

function tlsOf({ tls }: Origin, { headers }: WireRequest): object {
  if (tls === undefined) return {};
  const clientProvidedHostHeader = headerText(headers, 'host');
  return { tlsDetails: { tlsVersion: tls.version, cipherSuite: tls.cipherSuite, clientProvidedHostHeader } };
}

/** A field that is too long is left out, and that is said. */
function written({ index, record }: Told): AuditEvent {
  const whole = JSON.stringify(record);
  if (whole.length <= WELL_BELOW_MAX) return { index, record: whole };
  const fit = (value: unknown) => (JSON.stringify(value).length > ELEMENTS_MAX ? OMITTED : value);
  const { requestParameters, responseElements } = record;
  const bounded = { requestParameters: fit(requestParameters), responseElements: fit(responseElements) };
  return { index, record: JSON.stringify({ ...record, ...bounded }) };
}
