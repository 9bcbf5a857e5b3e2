/** Health checks: created, changed version by version, deleted when nothing counts on them. */
import { checkConfig } from './check-health-check.ts';
import type { CreateHealthCheck, DeleteHealthCheck, UpdateHealthCheck } from './commands.ts';
import { existingCheck } from './find.ts';
import { QUOTAS } from './quotas.ts';
import type { HealthCheck, HealthCheckConfig } from './records.ts';
import { accepted, type LogPlace, type Route53Result, refuse } from './result.ts';
import type { Route53Tables } from './tables.ts';

export const applyHealthChecks = {
  CreateHealthCheck: createHealthCheck,
  UpdateHealthCheck: updateHealthCheck,
  DeleteHealthCheck: deleteHealthCheck,
};

function createHealthCheck(
  tables: Route53Tables,
  { accountId, healthCheckId, callerReference, config }: CreateHealthCheck,
  { now }: LogPlace,
): Route53Result<'CreateHealthCheck'> {
  const before = tables.checkByReference(accountId, callerReference);
  if (before !== undefined) {
    // The first version, with the same settings: the request is a repetition, and is answered as the first one was.
    if (before.version === 1 && comparable(before.config) === comparable(config)) return accepted(before);
    refuse(
      'HealthCheckAlreadyExists',
      `A health check with CallerReference ${callerReference} and different settings already exists.`,
    );
  }
  checkConfig(config);
  checkChildren(tables, accountId, healthCheckId, config);
  if (tables.count(accountId).checks >= QUOTAS.HealthChecksPerAccount)
    refuse('TooManyHealthChecks', `Number of health checks limit of ${QUOTAS.HealthChecksPerAccount} exceeded.`);
  const check: HealthCheck = {
    ...{ id: healthCheckId, accountId, callerReference, version: 1, config, createdAt: now, tags: [] },
  };
  tables.putHealthCheck(check);
  return accepted(check);
}

function updateHealthCheck(
  tables: Route53Tables,
  { accountId, healthCheckId, version, config, reset }: UpdateHealthCheck,
): Route53Result<'UpdateHealthCheck'> {
  const before = existingCheck(tables, accountId, healthCheckId);
  if (version !== undefined && version !== before.version) {
    refuse(
      'HealthCheckVersionMismatch',
      `The health check has version ${before.version}, and version ${version} was to be changed.`,
    );
  }
  const changed: HealthCheckConfig = { ...before.config };
  for (const member of reset) delete (changed as { -readonly [M in typeof member]?: unknown })[member];
  const after = { ...changed, ...config, type: before.config.type };
  checkConfig(after);
  checkChildren(tables, accountId, healthCheckId, after);
  const check = { ...before, config: after, version: before.version + 1 };
  tables.putHealthCheck(check);
  return accepted(check);
}

function deleteHealthCheck(
  tables: Route53Tables,
  { accountId, healthCheckId }: DeleteHealthCheck,
): Route53Result<'DeleteHealthCheck'> {
  const check = existingCheck(tables, accountId, healthCheckId);
  // AWS lets a health check go that record sets name, and leaves those without health; here they keep it.
  if (tables.isCheckUsed(healthCheckId)) {
    refuse('HealthCheckInUse', `The health check ${healthCheckId} is in use by record sets or other health checks.`);
  }
  tables.deleteHealthCheck(check);
  return accepted(null);
}

/** Children exist, are no calculated ones, and so make no circle. */
function checkChildren(
  tables: Route53Tables,
  accountId: string,
  own: string,
  { children = [] }: HealthCheckConfig,
): void {
  for (const id of children) {
    const child = tables.healthChecks.get(id);
    if (child === undefined || child.accountId !== accountId || id === own)
      refuse('InvalidInput', `Invalid parameter : ChildHealthChecks names ${id}, which is no health check of yours.`);
    if (child?.config.type === 'CALCULATED')
      refuse('InvalidInput', `Invalid parameter : ChildHealthChecks names ${id}, which is itself CALCULATED.`);
  }
}

const comparable = (config: HealthCheckConfig): string =>
  JSON.stringify(Object.entries(config).toSorted(([a], [b]) => (a < b ? -1 : 1)));
