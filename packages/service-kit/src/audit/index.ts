/** The audit step: calls written down for CloudTrail. */
export * from './audit-event.ts';
export { CallRecorder, type CallRecorderOptions } from './call-recorder.ts';
export { Elements } from './elements.ts';
