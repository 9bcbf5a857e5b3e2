/** The log engine over NATS JetStream: `jetstream-log.ts` is where to start reading. */
export { type JetStreamLogOptions, openJetStreamLog } from './jetstream-log.ts';
export { MINIMUM_VERSION, ServerTooOld } from './server-version.ts';
