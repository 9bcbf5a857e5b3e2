/** Certificates: who issues them, who holds them, and connections that are verified on both ends. */
export * from './authority-disk.ts';
export * from './certificate-authority.ts';
export * from './credential-file.ts';
export * from './identity-document.ts';
export * from './identity-uri.ts';
export * from './key-pair.ts';
export * from './mutual-tls-client.ts';
export * from './mutual-tls-server.ts';
export * from './peer-verification.ts';
export * from './renewal.ts';
export * from './tls-alert.ts';
export * from './tls-identity.ts';
export * from './x509.ts';
