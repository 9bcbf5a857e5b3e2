/** The AWS wire protocols, server side: requests to typed input, output and errors to responses, signatures. */
export * from './aws-error.ts';
export * from './handlers.ts';
export * from './schema/service-model.ts';
export type * from './schema/service-schema.ts';
export * from './wire-message.ts';
