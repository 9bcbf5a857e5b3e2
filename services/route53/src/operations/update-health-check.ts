/** Changes the settings of a health check, if it still has the version that the caller saw. */
import { operation } from '@stormglass/service-kit';
import { execute, type Route53Client, type Route53Deps } from '../deps.ts';
import { givenSettings } from '../given.ts';
import { plainId } from '../ids.ts';
import { onHealthCheck } from '../permissions.ts';
import { shownHealthCheck } from '../shapes.ts';

const RESET = {
  FullyQualifiedDomainName: 'domainName',
  Regions: 'regions',
  ResourcePath: 'resourcePath',
  ChildHealthChecks: 'children',
} as const;

export const updateHealthCheck = operation<Route53Client, 'UpdateHealthCheck', Route53Deps>({
  name: 'UpdateHealthCheck',
  state: 'write',
  permission: onHealthCheck,
  async handle(input, call, deps) {
    const { HealthCheckVersion: version, ResetElements = [] } = input;
    const check = await execute(deps, call, {
      type: 'UpdateHealthCheck',
      accountId: call.accountId,
      healthCheckId: plainId(input.HealthCheckId!),
      ...(version === undefined ? {} : { version }),
      config: givenSettings(input),
      reset: ResetElements.map(element => RESET[element]),
    });
    return { HealthCheck: shownHealthCheck(check) };
  },
});
