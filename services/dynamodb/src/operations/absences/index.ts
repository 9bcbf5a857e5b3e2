/** What consoles and Terraform ask of every table and account, and what is not offered: the truth is that there is none. */
export { describeContributorInsights } from './describe-contributor-insights.ts';
export { describeKinesisStreamingDestination } from './describe-kinesis-streaming-destination.ts';
export { listContributorInsights } from './list-contributor-insights.ts';
export { listExports } from './list-exports.ts';
export { listGlobalTables } from './list-global-tables.ts';
export { listImports } from './list-imports.ts';
