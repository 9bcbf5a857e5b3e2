/** The log engine over etcd: `etcd-log.ts` is where to start reading. */
export { type EtcdLogOptions, openEtcdLog } from './etcd-log.ts';
