/**
 * Where traces and metrics go, by profile: Jaeger, or the project's own collector where there is no image of Jaeger. Both
 * have the same name and the same ports. They look at the region from outside, and so may be in every network.
 */
import type { Zone } from '@stormglass/region';
import { CONTAINER } from './hardening.ts';
import { NODE, OWN } from './own-containers.ts';
import { addressOf, EDGE, labels, type Plan, published } from './plan.ts';

const OTLP = 4318;
const QUERIES = 16686;
const NAME = 'collector';

const everywhere = (plan: Plan) => ({
  labels: labels(plan, undefined, NAME),
  ports: [published(plan, 'STORMGLASS_TRACES_PORT', QUERIES), published(plan, 'STORMGLASS_OTLP_PORT', OTLP)],
  networks: {
    [EDGE]: { aliases: [NAME] },
    ...Object.fromEntries(
      plan.region.zones.map((zone: Zone) => [zone.id, { ipv4_address: addressOf(plan, NAME, zone), aliases: [NAME] }]),
    ),
  },
});

export const collectors = (plan: Plan): Record<string, object> => ({
  collector: {
    '<<': OWN,
    profiles: ['collector'],
    ...everywhere(plan),
    command: [...NODE, 'infra/collector/src/main.ts', '--host', '0.0.0.0'],
    mem_limit: '512m',
    healthcheck: {
      ...OWN.healthcheck,
      test: [
        'CMD',
        'node',
        '-e',
        `fetch("http://127.0.0.1:${QUERIES}/api/services").then(r => process.exit(r.ok ? 0 : 1))`,
      ],
    },
  },
  jaeger: {
    '<<': CONTAINER,
    image: 'jaegertracing/jaeger:2',
    profiles: ['observability'],
    ...everywhere(plan),
    environment: { JAEGER_LISTEN_HOST: '0.0.0.0' },
    mem_limit: '512m',
  },
});
