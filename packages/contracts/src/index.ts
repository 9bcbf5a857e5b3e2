/** Internal APIs, one file a provider: schema, types, client. */
export * from './certificate-authority.ts';
export * from './world.ts';
export * from './zone-host.ts';
