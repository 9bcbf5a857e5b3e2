/** Shows what each checker of the zone saw last. */
import { operation } from '@stormglass/service-kit';
import type { Route53Client, Route53Deps } from '../deps.ts';
import { invalidInput } from '../errors.ts';
import { findHealthCheck, findHere } from '../find.ts';
import { onHealthCheck } from '../permissions.ts';
import { shownObservation } from '../shapes.ts';

export const getHealthCheckStatus = operation<Route53Client, 'GetHealthCheckStatus', Route53Deps>({
  name: 'GetHealthCheckStatus',
  state: 'local-read',
  permission: onHealthCheck,
  gaps: ['The checkers are those of the zone that is asked: three, with addresses made up for them.'],
  async handle({ HealthCheckId }, call, deps) {
    const { id, config } = await findHere(deps, call, () => findHealthCheck(deps, call, HealthCheckId!));
    if (config.type === 'CALCULATED') throw invalidInput(`You can't get the status of a calculated health check.`);
    return { HealthCheckObservations: deps.observations.newest(id).map(shownObservation) };
  },
});
