/**
 * Which service a request is for: one that answers under this very host name, else what the request is signed for, else
 * the name it was sent to, else its target header, else the action, where that needs no signature. Where several are signed
 * for by one name, the target header tells which it is. What is left is for the service that answers strangers, if it says
 * more than `/`.
 */
import { type Authorization, bucketInHost, headerText, type WireRequest } from '@stormglass/aws-wire';
import type { Service } from './service.ts';
import { unknownService } from './service-errors.ts';

/** What can be found: a service, or whatever stands for one. */
export interface Routed {
  readonly model: Pick<Service['model'], 'signingName' | 'targetPrefix'>;
  /** Host name of an endpoint that stands beside the service's regional one, such as `sts.amazonaws.com`. */
  readonly onlyAt?: string | undefined;
  /** Operations of the query protocol whose calls need no signature. */
  readonly unsignedActions?: readonly string[];
  /** Other names that its requests may be signed for. */
  readonly alsoSignedAs?: readonly string[];
  /** Takes what nobody signed and what names no other service. */
  readonly anonymous?: true;
}

export class ServiceTable<S extends Routed = Service> {
  readonly #byHostName = new Map<string, S>();
  /** The first one answers for what names no other. */
  readonly #bySigningName = new Map<string, S[]>();
  readonly #byTarget = new Map<string, S>();
  readonly #byAction = new Map<string, S>();
  #anonymous: S | undefined;

  constructor(services: readonly S[]) {
    for (const service of services) {
      const { signingName, targetPrefix } = service.model;
      if (service.onlyAt !== undefined) {
        this.#byHostName.set(service.onlyAt, service);
        continue;
      }
      for (const name of [signingName, ...(service.alsoSignedAs ?? [])]) {
        const others = this.#bySigningName.get(name);
        if (others === undefined) this.#bySigningName.set(name, [service]);
        else others.push(service);
      }
      if (service.anonymous) this.#anonymous = service;
      if (targetPrefix !== '') this.#byTarget.set(targetPrefix, service);
      for (const action of service.unsignedActions ?? []) this.#byAction.set(action, service);
    }
  }

  /**
   * The service asked for; undefined when an unsigned request does not tell.
   * @throws AwsError when it names one that is not here
   */
  find(request: WireRequest, authorization: Authorization | undefined): S | undefined {
    const host = this.#byHostName.size === 0 ? undefined : hostNameOf(request);
    const special = host === undefined ? undefined : this.#byHostName.get(host);
    if (authorization?.version === 4) {
      if (special?.model.signingName === authorization.service) return special;
      const service = this.#signedFor(authorization.service, request);
      if (service === undefined) throw unknownService(authorization.service);
      return service;
    }
    // Only S3 knows Signature Version 2.
    const old = authorization?.version === 2 ? this.#signedFor('s3', request) : undefined;
    const named =
      old ?? special ?? this.#byFirstLabel(request) ?? this.#byHeader(request) ?? this.#byUnsignedAction(request);
    return named ?? (this.#anonymous !== undefined && namesBucket(request) ? this.#anonymous : undefined);
  }

  #signedFor(name: string, request: WireRequest): S | undefined {
    const services = this.#bySigningName.get(name);
    if (services === undefined || services.length === 1) return services?.[0];
    const target = this.#byHeader(request);
    return services.find(each => each === target) ?? services[0];
  }

  #byFirstLabel(request: WireRequest): S | undefined {
    const host = headerText(request.headers, 'host');
    const firstLabel = host?.slice(0, (host.indexOf('.') + 1 || host.length + 1) - 1);
    return firstLabel === undefined ? undefined : this.#signedFor(firstLabel, request);
  }

  #byHeader(request: WireRequest): S | undefined {
    const target = headerText(request.headers, 'x-amz-target');
    return target === undefined ? undefined : this.#byTarget.get(target.slice(0, target.lastIndexOf('.')));
  }

  #byUnsignedAction({ body, query }: WireRequest): S | undefined {
    if (this.#byAction.size === 0) return undefined;
    const text = query === '' ? body.toString('latin1', 0, ACTION_WITHIN) : query;
    const action = ACTION.exec(text)?.[1];
    return action === undefined ? undefined : this.#byAction.get(action);
  }
}

/** Whether the path or the host says more than that somebody is there: for S3, a bucket. */
const namesBucket = (request: WireRequest): boolean => /^\/./.test(request.path) || bucketInHost(request) !== undefined;

/** Clients write the action first; whoever hides it behind more than this must call the service by its name. */
const ACTION_WITHIN = 32 * 1024;
const ACTION = /(?:^|&)Action=([A-Za-z]+)(?:&|$)/;

/** The host name a request was sent to, without its port and in lower case. */
function hostNameOf(request: WireRequest): string | undefined {
  const host = headerText(request.headers, 'host');
  const port = host?.lastIndexOf(':') ?? -1;
  return (port < 0 ? host : host!.slice(0, port))?.toLowerCase();
}
