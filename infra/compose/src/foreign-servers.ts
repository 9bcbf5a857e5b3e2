/**
 * The servers of a zone that are not ours: the log (NATS or etcd), and Redis. Each waits for the certificate that the world
 * puts into its zone's identity volume, and speaks mutual TLS with everybody.
 */
import { hostName, PORTS } from '@stormglass/containers';
import type { Zone } from '@stormglass/region';
import { CONTAINER, closelyWatched, watched } from './hardening.ts';
import { diskOf, identityVolume } from './own-containers.ts';
import { addressOf, labels, logPart, type Plan } from './plan.ts';

/** Everybody may write there in every image, and a new volume takes over the rights of the folder it covers. */
const DISK = '/var/tmp';

const folderOf = (server: string): string => `/run/stormglass/identity/${server}`;

/** The certificate comes last of what a server needs (`identity-documents.ts`). */
const waitFor = (server: string): string =>
  `trap 'exit 0' TERM; until test -s ${folderOf(server)}/cert.pem; do sleep 0.2; done; trap - TERM;`;

const server = (plan: Plan, zone: Zone, part: string) => ({
  labels: labels(plan, zone, part),
  networks: { [zone.id]: { ipv4_address: addressOf(plan, part, zone) } },
});

export const NATS = {
  '<<': CONTAINER,
  image: 'nats:2-alpine',
  entrypoint: ['sh', '-c'],
  command: [`${waitFor('nats')} printf '%s' "$$NATS_CONFIG" >/tmp/nats.conf; exec nats-server --config /tmp/nats.conf`],
  mem_limit: '512m',
  healthcheck: closelyWatched("wget -q -O /dev/null 'http://127.0.0.1:8222/healthz?js-server-only=true'"),
};

export const nats = (plan: Plan, zone: Zone): object => ({
  '<<': NATS,
  ...server(plan, zone, 'nats'),
  environment: { NATS_CONFIG: natsConfiguration(plan, zone) },
  volumes: [{ type: 'volume', source: diskOf('nats', zone), target: DISK }, identityVolume(zone)],
});

/** One zone alone is no cluster. */
function natsConfiguration(plan: Plan, zone: Zone): string {
  const { zones, name } = plan.region;
  const tls = (timeoutS: number) => `tls {
  cert_file: ${folderOf('nats')}/cert.pem
  key_file: ${folderOf('nats')}/key.pem
  ca_file: ${folderOf('nats')}/ca.pem
  verify: true
  timeout: ${timeoutS}
}`;
  const routes = zones.map(({ id }) => `    "tls://${hostName('nats', id)}:${PORTS.natsCluster}"\n`).join('');
  const cluster = `cluster {
  name: ${name}
  listen: "0.0.0.0:${PORTS.natsCluster}"
  # Nobody may learn a way around the links: the advertised port is closed on purpose.
  advertise: "127.0.0.1:9"
  no_advertise: true
  # The server itself belongs into the list: its length is the size of the group that the server waits for.
  routes: [
${routes}  ]
  ${tls(5).replaceAll('\n', '\n  ')}
}
`;
  return `server_name: ${hostName('nats', zone.id)}
listen: "0.0.0.0:${PORTS.nats}"
http: "127.0.0.1:8222"
max_payload: 1MB
${tls(5)}
jetstream {
  store_dir: ${DISK}
  # What is acknowledged is on the disk.
  sync_interval: always
  max_memory_store: 64MB
  max_file_store: 4GB
}
${zones.length > 1 ? cluster : ''}`;
}

export const ETCD = {
  '<<': CONTAINER,
  image: 'stormglass-etcd',
  pull_policy: 'never',
  entrypoint: ['sh', '-c'],
  mem_limit: '512m',
};

/** Timers as measured in docs/decisions/0003: a leader is missed within half a second. */
export function etcd(plan: Plan, zone: Zone, isBuilt: boolean): object {
  const { zones, name } = plan.region;
  const [first = '', ...more] = ['cert', 'key', 'ca'].map(file => `${folderOf('etcd')}/${file}.pem`);
  const [key = '', ca = ''] = more;
  const self = hostName('etcd', zone.id);
  const peers = zones.map(({ id }) => `${hostName('etcd', id)}=https://${hostName('etcd', id)}:${PORTS.etcdPeers}`);
  const flags = [
    ...['--name', self, '--data-dir', `${DISK}/etcd`, '--logger zap --log-level warn'],
    ...['--heartbeat-interval 50 --election-timeout 500 --auto-compaction-retention 0'],
    `--listen-client-urls https://0.0.0.0:${PORTS.etcd} --advertise-client-urls https://${self}:${PORTS.etcd}`,
    `--listen-peer-urls https://0.0.0.0:${PORTS.etcdPeers} --initial-advertise-peer-urls https://${self}:${PORTS.etcdPeers}`,
    `--initial-cluster ${peers.join(',')} --initial-cluster-token ${name}`,
    `--cert-file ${first} --key-file ${key} --trusted-ca-file ${ca} --client-cert-auth`,
    `--peer-cert-file ${first} --peer-key-file ${key} --peer-trusted-ca-file ${ca} --peer-client-cert-auth`,
    // A peer comes out of a link, whose address is not the one that the peer's name leads to.
    '--experimental-peer-skip-client-san-verification',
  ];
  const isWell = `etcdctl --endpoints https://${self}:${PORTS.etcd} --cacert ${ca} --cert ${first} --key ${key} endpoint health`;
  return {
    '<<': ETCD,
    ...(isBuilt ? { build: { context: '../infra/image', dockerfile: 'etcd.Dockerfile' } } : {}),
    ...server(plan, zone, 'etcd'),
    command: [`${waitFor('etcd')} exec etcd ${flags.join(' ')}`],
    healthcheck: closelyWatched(isWell),
    volumes: [{ type: 'volume', source: diskOf('etcd', zone), target: DISK }, identityVolume(zone)],
  };
}

/** What it holds may be lost at any moment: it writes nothing down, and forgets the oldest when it is full. */
export const REDIS = {
  '<<': CONTAINER,
  image: 'redis:8-alpine',
  entrypoint: ['sh', '-c'],
  command: [
    [
      `${waitFor('redis')} exec redis-server --protected-mode no --port 0 --tls-port ${PORTS.redis} --tls-auth-clients yes`,
      ...['cert', 'key'].map(file => `--tls-${file}-file ${folderOf('redis')}/${file}.pem`),
      `--tls-ca-cert-file ${folderOf('redis')}/ca.pem`,
      '--unixsocket /tmp/redis.sock --unixsocketperm 700',
      '--save "" --appendonly no --dir /tmp --maxmemory 48mb --maxmemory-policy allkeys-lru',
    ].join(' '),
  ],
  // The image would otherwise have a volume there.
  tmpfs: ['/tmp:size=16m,mode=1777', '/data:size=1m,mode=1777'],
  mem_limit: '96m',
  healthcheck: watched('redis-cli -s /tmp/redis.sock ping | grep -q PONG'),
};

export const redis = (plan: Plan, zone: Zone): object => ({
  '<<': REDIS,
  ...server(plan, zone, 'redis'),
  volumes: [identityVolume(zone)],
});

/** The log of a zone. */
export const log = (plan: Plan, zone: Zone): object =>
  logPart(plan.engine) === 'nats' ? nats(plan, zone) : etcd(plan, zone, plan.region.zones[0] === zone);
