/** Where the region's own parts are: asked of the zone's resolver, by service name (RFC 2782). */

/** The zone's resolver, or whoever stands for it. */
export type Resolve = (
  name: string,
  type: string,
) => Promise<readonly { readonly type: string; readonly data: unknown }[]>;

export interface Location {
  readonly host: string;
  readonly port: number;
}

/** Service names of the region's own parts. */
export const INTERNAL_NAMES = {
  log: (region: string) => `_log._tcp.${region}.stormglass.internal`,
  authority: (region: string) => `_ca._tcp.${region}.stormglass.internal`,
  zone: (region: string, zone: string) => `_internal._tcp.${zone}.${region}.stormglass.internal`,
} as const;

/** @throws Error when the name leads nowhere */
export async function locate(resolve: Resolve, serviceName: string): Promise<Location> {
  const service = (await resolve(serviceName, 'SRV')).find(({ type }) => type === 'SRV');
  if (service === undefined) throw new Error(`${serviceName} does not exist`);
  const { target, port } = service.data as { target: string; port: number };
  const address = (await resolve(target, 'A')).find(({ type }) => type === 'A');
  if (address === undefined) throw new Error(`${target} has no address`);
  return { host: address.data as string, port };
}
