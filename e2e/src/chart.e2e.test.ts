/** The chart of a region on Kubernetes, rendered and looked at: there is no cluster here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostName, internalPort, linkPorts, PORTS, worldPorts, ZONE_PARTS } from '@stormglass/containers';
import { HEAP_OPTIONS } from '@stormglass/region';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CHART, ChartRenderer } from './chart/chart-renderer.ts';
import { againstSchema, againstTypes } from './chart/conformity.ts';
import {
  type Budget,
  type Call,
  isAllowed,
  type Labels,
  type Manifest,
  type NetworkPolicy,
  type Service,
  selects,
  type Workload,
} from './chart/manifests.ts';

const ZONES = ['use1-az1', 'use1-az2', 'use1-az3'];
const IN_CLUSTER: Readonly<Record<string, string>> = { 'use1-az1': 'a', 'use1-az2': 'b', 'use1-az3': 'c' };
const zones = ZONES.map(id => ({ id, topologyZone: IN_CLUSTER[id]! }));
const chartFile = (name: string) => readFileSync(join(CHART, name), 'utf8');

let renderer: ChartRenderer;
let manifests: readonly Manifest[];
const ofKind = <T extends Manifest>(...kinds: readonly string[]) =>
  manifests.filter(({ kind }) => kinds.includes(kind)) as T[];
const workloads = () => ofKind<Workload>('StatefulSet', 'Deployment');
const labelsOf = ({ spec }: Workload): Labels => spec.template.metadata.labels;
const named = <T extends Manifest>(found: readonly T[], name: string): T => {
  const [one] = found.filter(({ metadata }) => metadata.name === name);
  if (one === undefined) throw new Error(`there is no ${name}`);
  return one;
};

beforeAll(async () => {
  renderer = await ChartRenderer.build();
  manifests = await renderer.render({ zones });
});
afterAll(() => renderer?.close());

describe('manifests', () => {
  it('are what the Kubernetes API takes', async () => {
    expect(againstSchema(manifests)).toEqual([]);
    expect(await againstTypes(manifests)).toEqual([]);
  });

  it('are so with every value changed, and for one zone', async () => {
    const changed = {
      imagePullSecrets: [{ name: 'registry' }],
      log: { engine: 'etcd' },
      frontDoor: { type: 'LoadBalancer', annotations: { note: 'mine' }, publicAddress: '192.0.2.1' },
      disk: { storageClassName: 'fast' },
      priorityClassName: 'high',
      tolerations: [{ key: 'zone', operator: 'Exists' }],
      networkPolicy: { extraEgress: [{ to: [{ ipBlock: { cidr: '192.0.2.0/24' } }], ports: [{ port: 4318 }] }] },
    };
    const others = [
      ...(await renderer.render({ zones, ...changed })),
      ...(await renderer.render({ zones: zones.slice(0, 1) })),
    ];
    expect(againstSchema(others)).toEqual([]);
    expect(await againstTypes(others)).toEqual([]);
    expect(others.map(({ metadata }) => metadata.name)).toContain('etcd');
  });

  it('would be found wrong if they were', async () => {
    const [budget] = ofKind<Budget>('PodDisruptionBudget');
    const wrongValue = { ...budget!, spec: { ...budget!.spec, maxUnavailable: [1] } };
    const wrongField = { ...budget!, spec: { ...budget!.spec, maxUnavailible: 1 } };
    expect(againstSchema([wrongValue])).toEqual([expect.stringContaining('maxUnavailable')]);
    expect((await againstTypes([wrongField])).join()).toContain('maxUnavailible');
  });

  it('have one name each', () => {
    const names = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('values', () => {
  const isValid = new Ajv({ strict: false }).compile(JSON.parse(chartFile('values.schema.json')));
  const defaults = parse(chartFile('values.yaml')) as Readonly<Record<string, object>>;

  it('have a schema that knows them', () => {
    expect([isValid({ ...defaults, zones }), isValid.errors]).toEqual([true, null]);
  });

  it.each<[string, object]>([
    ['a zone without a name', { zones: [{ topologyZone: 'a' }] }],
    ['no zone', { zones: [] }],
    ['a log that there is not', { log: { engine: 'kafka' } }],
    ['a region that there cannot be', { region: 'Utopia' }],
    ['a word too much', { regions: 'us-east-1' }],
  ])('are refused: %s', (_, change) => {
    expect(isValid({ ...defaults, zones, ...change })).toBe(false);
  });

  it('must say where zones are, and no two in one place', async () => {
    await expect(renderer.render({})).rejects.toThrow('zones[0].topologyZone: say which value of the label');
    const together = zones.map(zone => ({ ...zone, topologyZone: 'a' }));
    await expect(renderer.render({ zones: together })).rejects.toThrow('a is the topology zone of use1-az1 already');
  });
});

describe('workloads', () => {
  it('are the parts of each zone, and the world', () => {
    const parts = ZONES.flatMap(zone => [...ZONE_PARTS, 'redis'].map(part => hostName(part, zone)));
    expect(
      workloads()
        .map(({ metadata }) => metadata.name)
        .sort(),
    ).toEqual([...parts, 'world'].sort());
  });

  it.each(ZONES)('of %s are in its zone, with the parts they are named after', zone => {
    const here = workloads().filter(workload => labelsOf(workload)['stormglass.zone'] === zone);
    expect(here).toHaveLength(ZONE_PARTS.length + 1);
    for (const workload of here) {
      const part = labelsOf(workload)['stormglass.part']!;
      const { affinity, containers } = workload.spec.template.spec;
      expect(workload.metadata.name).toBe(hostName(part, zone));
      expect(affinity?.nodeAffinity).toEqual({
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            {
              matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: [IN_CLUSTER[zone]] }],
            },
          ],
        },
      });
      if (part === 'redis') continue;
      expect(containers[0]?.command).toEqual(['node', ...HEAP_OPTIONS, 'infra/containers/src/main.ts', part]);
      const hasFiles = part === 's3' || part === 'dynamodb';
      expect(containers[0]?.env?.some(({ name }) => name === 'UV_THREADPOOL_SIZE')).toBe(hasFiles);
      expect(containers[0]?.env).toContainEqual({ name: 'STORMGLASS_ZONE', value: zone });
    }
  });

  it('select their own pods and nobody else’s', () => {
    const all = workloads();
    for (const { metadata, spec } of all) {
      const selected = all.filter(workload => selects(spec.selector, labelsOf(workload)));
      expect(selected.map(workload => workload.metadata.name)).toEqual([metadata.name]);
    }
  });

  it('are never on a node with the same part of another zone', () => {
    const all = workloads();
    for (const workload of all.filter(({ metadata }) => metadata.name !== 'world')) {
      const terms =
        workload.spec.template.spec.affinity!.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution;
      expect(terms.map(({ topologyKey }) => topologyKey)).toEqual(['kubernetes.io/hostname']);
      const apart = all.filter(other => terms.some(({ labelSelector }) => selects(labelSelector, labelsOf(other))));
      const part = labelsOf(workload)['stormglass.part']!;
      expect(apart.map(({ metadata }) => metadata.name).sort()).toEqual(ZONES.map(zone => hostName(part, zone)));
    }
  });

  it('change in one zone at a time, by hand', () => {
    const zonal = ofKind<Workload>('StatefulSet').filter(({ metadata }) => metadata.name !== 'world');
    for (const { spec } of zonal) expect(spec).toMatchObject({ replicas: 1, updateStrategy: { type: 'OnDelete' } });
  });

  it('have no right they do not need', () => {
    for (const { spec } of workloads()) {
      const pod = spec.template.spec;
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      });
      for (const container of pod.containers) {
        expect(container).toMatchObject({
          securityContext: {
            allowPrivilegeEscalation: false,
            privileged: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          resources: { requests: { memory: expect.any(String) }, limits: { memory: expect.any(String) } },
          readinessProbe: { exec: { command: expect.any(Array) } },
        });
        expect(container).not.toHaveProperty('livenessProbe');
      }
    }
  });

  it('know who they are, and who no one else is', () => {
    for (const workload of workloads().filter(({ metadata }) => metadata.name !== 'world')) {
      const { 'stormglass.zone': zone, 'stormglass.part': part } = labelsOf(workload);
      const secrets = workload.spec.template.spec.volumes.flatMap(({ secret }) => secret ?? []);
      expect(secrets.map(({ secretName }) => secretName)).toEqual([`identity-${zone}`]);
      const keys = secrets.flatMap(({ items }) => items.map(({ key }) => key));
      const ownIdentity = [`${part}.json`, 'root.pem', ...(part === 's3' ? ['object-key'] : [])];
      const own = part === 'redis' ? ['cert', 'key', 'ca'].map(file => `redis.${file}.pem`) : ownIdentity;
      expect(keys).toEqual(own);
    }
  });

  it('leave the Kubernetes API to one container, for the Secrets of the zones', () => {
    const asking = workloads().flatMap(({ spec }) =>
      spec.template.spec.containers.filter(({ volumeMounts }) =>
        volumeMounts.some(({ mountPath }) => mountPath.includes('serviceaccount')),
      ),
    );
    expect(asking.map(({ name }) => name)).toEqual(['secrets']);
    const names = ZONES.map(zone => `identity-${zone}`);
    expect(ofKind('Secret').map(({ metadata }) => metadata.name)).toEqual(names);
    expect(named(ofKind('Role'), 'world').rules).toEqual([
      { apiGroups: [''], resources: ['secrets'], resourceNames: names, verbs: ['patch'] },
    ]);
  });
});

describe('names', () => {
  const portsOf = (name: string) => named(ofKind<Service>('Service'), name).spec.ports.map(({ port }) => port);

  it('lead to one workload each, to ports that it has', () => {
    for (const { metadata, spec } of ofKind<Service>('Service')) {
      const behind = workloads().filter(workload => selects({ matchLabels: spec.selector }, labelsOf(workload)));
      expect(behind.map(workload => workload.metadata.name)).toEqual([
        metadata.name === 'front-door' ? 'world' : metadata.name,
      ]);
      const open = behind[0]!.spec.template.spec.containers.flatMap(({ ports = [] }) => ports);
      for (const { port, protocol } of spec.ports)
        expect(open).toContainEqual(expect.objectContaining({ containerPort: port, protocol }));
    }
  });

  it.each(ZONES)('of %s lead to the ports that containers have', zone => {
    for (const part of ZONE_PARTS) {
      const { requests, dns, dnsOutside, clients, http, https } = PORTS;
      const more = { resolver: [dns, dns, dnsOutside, dnsOutside], entrance: [clients, http, https] } as const;
      const expected = [internalPort(part), ...(part === 'resolver' || part === 'entrance' ? more[part] : [requests])];
      expect(portsOf(hostName(part, zone))).toEqual(expected);
    }
  });

  it('lead hosts to the world, and clients to its doors', () => {
    expect(portsOf('world')).toEqual(worldPorts);
    const doors = ZONES.flatMap((_, i) => [PORTS.clients + 1 + i, PORTS.dnsPublished + i, PORTS.dnsPublished + i]);
    expect(portsOf('front-door')).toEqual([PORTS.clients, ...doors]);
  });
});

/** The pod of NATS's own chart, with the values that the chart's example gives it. */
const natsExample = () =>
  parse(chartFile('examples/nats-use1-az1.yaml')) as {
    readonly fullnameOverride: string;
    readonly config: Record<'nats' | 'cluster', { readonly port: number; readonly tls: Record<string, unknown> }> & {
      readonly cluster: { readonly merge: { readonly routes: readonly string[] } };
    };
    readonly podTemplate: { readonly merge: { readonly metadata: { readonly labels: Labels } } };
  };

describe('budgets', () => {
  it('count each part over all zones, once, and let one go', () => {
    const budgets = ofKind<Budget>('PodDisruptionBudget');
    const zonal = workloads()
      .map(labelsOf)
      .filter(labels => 'stormglass.zone' in labels);
    for (const labels of [...zonal, natsExample().podTemplate.merge.metadata.labels]) {
      const its = budgets.filter(({ spec }) => selects(spec.selector, labels));
      expect(its.map(({ metadata, spec }) => [metadata.name, spec.maxUnavailable])).toEqual([
        [labels['stormglass.part'], 1],
      ]);
    }
    for (const { metadata, spec } of budgets.filter(({ metadata: { name } }) => name !== 'nats')) {
      expect([metadata.name, zonal.filter(labels => selects(spec.selector, labels)).length]).toEqual([
        metadata.name,
        3,
      ]);
    }
  });
});

describe('network policies', () => {
  const labels = (zone: string | undefined, part: string): Labels => ({
    'stormglass.region': 'us-east-1',
    ...(zone === undefined ? {} : { 'stormglass.zone': zone }),
    'stormglass.part': part,
  });
  const call = (from: Labels, to: Labels, port: number, protocol: Call['protocol'] = 'TCP') =>
    isAllowed(ofKind<NetworkPolicy>('NetworkPolicy'), { from, to, port, protocol });
  const [here, there] = [labels('use1-az1', 'iam'), labels('use1-az3', 'iam')];
  const world = labels(undefined, 'world');

  it('let zones say to each other what links carry elsewhere, and nothing else', () => {
    const { tcp, udp } = linkPorts('jetstream');
    const every = [...new Set([...Object.values(PORTS), ...ZONE_PARTS.map(internalPort), 8222, 9999])];
    expect(every.filter(port => call(here, there, port)).sort()).toEqual([...tcp].sort());
    expect(every.filter(port => call(here, there, port, 'UDP'))).toEqual(udp);
    for (const port of every) expect(call(here, labels('use1-az1', 'redis'), port)).toBe(true);
  });

  it('let hosts ask the world what hosts ask, and clients nothing but its doors', () => {
    const ports = Object.values(PORTS);
    expect(ports.filter(port => call(here, world, port))).toEqual(worldPorts);
    expect(ports.filter(port => call(labels(undefined, 'client'), world, port))).toEqual([
      PORTS.clients,
      PORTS.dnsPublished,
    ]);
    expect(call(labels(undefined, 'client'), there, PORTS.clients)).toBe(false);
  });

  it('let the world reach every host, and the resolvers for clients', () => {
    for (const part of ZONE_PARTS) expect(call(world, labels('use1-az2', part), internalPort(part))).toBe(true);
    expect(call(world, labels('use1-az2', 'entrance'), PORTS.clients)).toBe(true);
    expect(call(world, labels('use1-az2', 'resolver'), PORTS.dnsOutside, 'UDP')).toBe(true);
    expect(call(world, labels('use1-az2', 'nats'), PORTS.nats)).toBe(false);
  });
});

describe('the servers of the log, from their own chart', () => {
  it('are where the region looks for them, with certificates that the world writes', () => {
    const { fullnameOverride, config } = natsExample();
    expect(fullnameOverride).toBe(hostName('nats', 'use1-az1'));
    expect([config.nats.port, config.cluster.port]).toEqual([PORTS.nats, PORTS.natsCluster]);
    expect(config.cluster.merge.routes).toEqual(
      ZONES.map(zone => `tls://${hostName('nats', zone)}:${PORTS.natsCluster}`),
    );
    for (const { tls } of [config.nats, config.cluster]) {
      expect(tls).toMatchObject({
        ...{ enabled: true, secretName: 'identity-use1-az1', cert: 'nats.cert.pem', key: 'nats.key.pem' },
        merge: { ca_file: expect.stringMatching(/\/nats\.ca\.pem$/), verify: true },
      });
    }
  });
});
