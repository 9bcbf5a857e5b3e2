/** What the settings of a health check must be, given its type (API reference, HealthCheckConfig). */
import { QUOTAS } from './quotas.ts';
import { ENDPOINT_CHECKS, type EndpointCheck, type HealthCheckConfig } from './records.ts';
import { refuse } from './result.ts';
import { ipv4, ipv6 } from './value-fields.ts';

const invalid = (text: string): never => refuse('InvalidInput', `Invalid parameter : ${text}`);

export const isEndpointCheck = (type: string): type is EndpointCheck =>
  (ENDPOINT_CHECKS as readonly string[]).includes(type);

/** Refuses settings that do not go together. */
export function checkConfig(config: HealthCheckConfig): void {
  if (config.type === 'CALCULATED') checkCalculated(config);
  else if (isEndpointCheck(config.type)) checkEndpoint(config);
  else refuse('InvalidInput', `Health checks of type ${config.type as string} are not offered here.`);
}

function checkCalculated(config: HealthCheckConfig): void {
  const { children = [], healthThreshold } = config;
  for (const member of ['ipAddress', 'port', 'domainName', 'resourcePath', 'searchString', 'requestInterval'] as const)
    if (config[member] !== undefined) invalid(`A CALCULATED health check has no ${MEMBERS[member]}.`);
  if (healthThreshold === undefined) invalid('HealthThreshold is required for health checks of type CALCULATED.');
  if (children.length > QUOTAS.ChildHealthChecks)
    invalid(`ChildHealthChecks has more than ${QUOTAS.ChildHealthChecks} health checks.`);
  if (new Set(children).size < children.length) invalid('ChildHealthChecks names a health check twice.');
}

function checkEndpoint(config: HealthCheckConfig): void {
  const { type, ipAddress, domainName, searchString, resourcePath, port, requestInterval, enableSni } = config;
  if (config.children !== undefined || config.healthThreshold !== undefined)
    invalid(`A health check of type ${type} has no ChildHealthChecks and no HealthThreshold.`);
  if (ipAddress === undefined && domainName === undefined)
    invalid('Either IPAddress or FullyQualifiedDomainName must be specified.');
  if (ipAddress !== undefined && !isAddress(ipAddress)) invalid(`IPAddress ${ipAddress} is not valid.`);
  if (type === 'TCP' && port === undefined) invalid('Port must be specified for health checks of type TCP.');
  const matches = type === 'HTTP_STR_MATCH' || type === 'HTTPS_STR_MATCH';
  if (matches && (searchString ?? '') === '') invalid(`SearchString is required for health checks of type ${type}.`);
  if (!matches && searchString !== undefined) invalid(`SearchString is not for health checks of type ${type}.`);
  if (type === 'TCP' && resourcePath !== undefined) invalid('ResourcePath is not for health checks of type TCP.');
  if (resourcePath !== undefined && /[\s\x00-\x1f\x7f-\uffff]/.test(resourcePath))
    invalid('ResourcePath contains characters that a request cannot carry.');
  if (requestInterval !== undefined && requestInterval !== 10 && requestInterval !== 30)
    invalid('RequestInterval must be 10 or 30 seconds.');
  if (enableSni === true && !type.startsWith('HTTPS')) invalid(`EnableSNI is not for health checks of type ${type}.`);
}

function isAddress(text: string): boolean {
  try {
    if (text.includes(':')) ipv6(text);
    else ipv4(text);
    return true;
  } catch {
    return false;
  }
}

const MEMBERS = {
  ipAddress: 'IPAddress',
  port: 'Port',
  domainName: 'FullyQualifiedDomainName',
  resourcePath: 'ResourcePath',
  searchString: 'SearchString',
  requestInterval: 'RequestInterval',
} as const;
