/**
 * Who is asking, and may they? Principals, policies, session tokens, and the IAM state that every zone keeps a replica
 * of. Imports `base` and the types of `replicated-state`; knows nothing of any wire format.
 */
export * from './access-key-account.ts';
export * from './arn.ts';
export * from './authorization-message.ts';
export * from './authorize.ts';
export * from './credentials.ts';
export * from './denial-message.ts';
export * from './iam/aws-managed-policies.ts';
export * from './iam/commands.ts';
export { CREDENTIAL_REPORT_MS } from './iam/credential-report.ts';
export type { IamLog } from './iam/iam-log.ts';
export * from './iam/mirror.ts';
export * from './iam/mirror-commands.ts';
export * from './iam/mirror-feed.ts';
export * from './iam/mirror-home.ts';
export { issuerName } from './iam/oidc-issuer.ts';
export { QUOTAS } from './iam/quotas.ts';
export * from './iam/records.ts';
export type { IamErrorCode, IamResult, Refusal, ValueOf } from './iam/result.ts';
export { isServiceLinked, serviceLinkedName, serviceLinkedPath } from './iam/service-linked-roles.ts';
export * from './iam/state.ts';
export type { Page, PageRequest } from './iam/table.ts';
export type { SnapshotRecord } from './iam/tables.ts';
export * from './iam/view.ts';
export * from './policy-compiler.ts';
export * from './policy-document.ts';
export { PolicyDocumentError } from './policy-error.ts';
export * from './policy-evaluator.ts';
export * from './policy-trace.ts';
export * from './principal.ts';
export * from './principal-context.ts';
export { canonicalUserId } from './principal-matcher.ts';
export * from './request-context.ts';
export * from './session-token.ts';
export * from './token-key-life.ts';
