/**
 * Real log servers for tests and measurements: obtained by `fetch.sh`, run as three-server clusters on loopback, with
 * faults per server. Nothing of the product imports this.
 */
export * from './binaries.ts';
export * from './engine-cluster.ts';
export * from './etcd-cluster.ts';
export * from './log-cluster.ts';
export * from './nats-cluster.ts';
export * from './poll.ts';
