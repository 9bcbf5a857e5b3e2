/** What ACM-PCA works on: the region's certificate authority, as hosts see it. The service itself keeps nothing. */
import type { CertificateIssuer } from '@stormglass/contracts';

type Sdk = typeof import('@aws-sdk/client-acm-pca');

/**
 * The official client, whose types say what each operation takes and answers. This one is from before clients exported
 * the schemas of their operations, which is how operations are told from other exports.
 */
export type AcmPcaClient = Sdk & {
  [Key in keyof Sdk & string as Key extends `${infer Name}Command` ? `${Name}$` : never]: unknown;
};

export interface AcmPcaDeps {
  readonly issuer: CertificateIssuer;
}
