/** A region as a Compose document: a pure function of what the region is. `main.ts` writes the files in `compose/`. */
import { hostName, WORLD, ZONE_PARTS } from '@stormglass/containers';
import { planRegion } from '@stormglass/region';
import { collectors } from './collectors.ts';
import { log, redis } from './foreign-servers.ts';
import { joining, joiningEnvironment } from './joining.ts';
import { diskOf, environmentOf, link, linksOf, world, zoneContainer } from './own-containers.ts';
import { type ComposeOptions, labels, logPart, networksOf, ORDINALS, type Plan } from './plan.ts';

export interface ComposeDocument {
  readonly name: string;
  readonly services: Readonly<Record<string, object>>;
  readonly networks: Readonly<Record<string, object>>;
  readonly volumes: Readonly<Record<string, object>>;
}

/** @throws RangeError when `region` is not the name of a region, or the ordinal is out of bounds */
export function generate(region: string, zoneCount: number, options: ComposeOptions): ComposeDocument {
  const { ordinal } = options;
  if (!(Number.isInteger(ordinal) && ordinal >= 0 && ordinal < ORDINALS)) {
    throw new RangeError(`the ordinal of a region must be from 0 to ${ORDINALS - 1}; it is ${ordinal}`);
  }
  const { engine, joins } = options;
  const plan: Plan = { region: planRegion(region, zoneCount, ordinal), engine, ordinal };
  const other = joins && otherPlan(plan, joins);
  const environment = { ...environmentOf(plan), ...(other === undefined ? {} : joiningEnvironment(other)) };
  const document = {
    name: ordinal === 0 ? 'stormglass' : `stormglass-${region}`,
    services: servicesOf(plan, environment),
    networks: networksOf(plan),
    volumes: volumesOf(plan),
  };
  return other === undefined ? document : joining(document, plan, other, environment);
}

/** A region of another partition shares nothing. */
function otherPlan({ region, engine }: Plan, { region: name, zoneCount }: NonNullable<ComposeOptions['joins']>): Plan {
  const joined = planRegion(name, zoneCount, 0);
  if (joined.partition !== region.partition || name === region.name) {
    throw new RangeError(`${region.name} cannot join ${name}`);
  }
  return { region: joined, engine, ordinal: 0, subnetVariable: 'STORMGLASS_JOINED_SUBNET' };
}

function servicesOf(plan: Plan, environment: object): Record<string, object> {
  const services: Record<string, object> = { [WORLD]: world(plan, environment) };
  for (const zone of plan.region.zones) {
    services[hostName(logPart(plan.engine), zone.id)] = log(plan, zone);
    services[hostName('redis', zone.id)] = redis(plan, zone);
    for (const part of ZONE_PARTS) services[hostName(part, zone.id)] = zoneContainer(plan, zone, part, environment);
  }
  for (const { from, to, name } of linksOf(plan)) services[name] = link(plan, from, to, environment);
  return { ...services, ...collectors(plan) };
}

/** A disk for each part that keeps something, and the identities of a zone. */
function volumesOf(plan: Plan): Record<string, object> {
  const parts = [...ZONE_PARTS, logPart(plan.engine)];
  const ofZones = plan.region.zones.flatMap(zone => [
    hostName('identity', zone.id),
    ...parts.map(part => diskOf(part, zone)),
  ]);
  return Object.fromEntries(['disk-world', ...ofZones].map(name => [name, { labels: labels(plan) }]));
}
