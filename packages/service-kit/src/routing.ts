/** Which service a request is for: what it is signed for, else the name it was sent to, else its target header. */
import { type Authorization, headerText, type WireRequest } from '@stormglass/aws-wire';
import type { Service } from './service.ts';
import { unknownService } from './service-errors.ts';

/** What can be found: a service, or whatever stands for one. */
export interface Routed {
  readonly model: Pick<Service['model'], 'signingName' | 'targetPrefix'>;
}

export class ServiceTable<S extends Routed = Service> {
  readonly #bySigningName = new Map<string, S>();
  readonly #byTarget = new Map<string, S>();

  constructor(services: readonly S[]) {
    for (const service of services) {
      this.#bySigningName.set(service.model.signingName, service);
      if (service.model.targetPrefix !== '') this.#byTarget.set(service.model.targetPrefix, service);
    }
  }

  /**
   * The service asked for; undefined when an unsigned request does not tell.
   * @throws AwsError when it names one that is not here
   */
  find(request: WireRequest, authorization: Authorization | undefined): S | undefined {
    if (authorization?.version === 4) {
      const service = this.#bySigningName.get(authorization.service);
      if (service === undefined) throw unknownService(authorization.service);
      return service;
    }
    return this.#byHost(request) ?? this.#byHeader(request);
  }

  #byHost(request: WireRequest): S | undefined {
    const host = headerText(request.headers, 'host');
    const firstLabel = host?.slice(0, (host.indexOf('.') + 1 || host.length + 1) - 1);
    return firstLabel === undefined ? undefined : this.#bySigningName.get(firstLabel);
  }

  #byHeader(request: WireRequest): S | undefined {
    const target = headerText(request.headers, 'x-amz-target');
    return target === undefined ? undefined : this.#byTarget.get(target.slice(0, target.lastIndexOf('.')));
  }
}
