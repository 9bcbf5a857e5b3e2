/** Development-time half of the package: makes service schemas. Nothing in the product imports it. */
export * from './extract-constraints.ts';
export * from './extract-from-botocore.ts';
export * from './extract-service.ts';
