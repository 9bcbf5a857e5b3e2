/**
 * The code of services, loaded before a zone is started: a host loads what it runs and no other, and a simulation, in
 * which nothing may take real time, has it all beforehand.
 */
import type { ServiceName } from './services.ts';

const LOADERS = {
  account: () => import('@stormglass/account'),
  'acm-pca': () => import('@stormglass/acm-pca'),
  acme: () => import('@stormglass/acme'),
  cloudtrail: () => import('@stormglass/cloudtrail'),
  dynamodb: () => import('./tables/zone-tables.ts'),
  iam: () => import('@stormglass/iam'),
  route53: () => import('./zone-hosted-zones.ts'),
  s3: () => import('./objects/zone-objects.ts'),
  sts: () => import('@stormglass/sts'),
} as const satisfies Record<ServiceName, () => Promise<unknown>>;

/** What there is of it. */
export type ServiceCode = { readonly [Name in ServiceName]?: Awaited<ReturnType<(typeof LOADERS)[Name]>> };

export async function loadServiceCode(services: readonly ServiceName[]): Promise<ServiceCode> {
  const loaded = await Promise.all(services.map(async name => [name, await LOADERS[name]()] as const));
  return Object.fromEntries(loaded) as ServiceCode;
}
