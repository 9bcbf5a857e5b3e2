/**
 * IAM of a container, where the home region is another one: a mirror of it, which the container of IAM keeps up to date and
 * the others apply. At home, the container of IAM tells what is new to whoever asks from another region.
 */
import { mirrorRoutes, mirrorSource, RegionCalls } from '@stormglass/region/host';
import type { ServiceName } from '@stormglass/region/services';
import type { ZoneOptions, ZoneParts } from '@stormglass/region/zone';
import type { Closing, Context, Host } from './host.ts';

export interface ContainerMirror extends Closing {
  readonly options: NonNullable<ZoneOptions['mirror']>;
}

const IAM = 'iam' satisfies ServiceName;

/** @param services those that run in this container */
export function containerMirror(context: Context, host: Host, services: readonly ServiceName[]): ContainerMirror {
  const { settings, clock } = context;
  const { identity, resolve, links } = host;
  const { region, zone, otherRegions } = settings;
  const ordinal = region.zones.findIndex(({ id }) => id === zone);
  const home = otherRegions.find(({ name }) => name === region.homeRegion);
  // Whether another region mirrors this one, it does not know: they come and go.
  const isMirrored = region.name === region.homeRegion && services.includes(IAM);
  if (home === undefined) return { options: { isMirrored, ordinal }, close: async () => {} };
  const calls = new RegionCalls({ zone, ordinal, otherRegions, identity, resolve, links, clock });
  return {
    options: { mirrors: mirrorSource(calls, home.name), isMirrored, ordinal },
    close: async () => calls.close(),
  };
}

/** What other regions may ask of IAM here. */
export const askedOfIam = ({ identity: { home } }: ZoneParts) => (home === undefined ? {} : mirrorRoutes(home));
