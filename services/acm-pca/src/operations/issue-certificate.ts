/** Issues a certificate from a signing request. */
import { hash, X509Certificate } from 'node:crypto';
import { type Call, operation } from '@stormglass/service-kit';
import { certificateArn, requireAuthority } from '../arns.ts';
import type { AcmPcaClient, AcmPcaDeps } from '../deps.ts';
import { asked, invalidArgs, validation } from '../errors.ts';
import { holderOf } from '../ownership.ts';
import { requireSigningRequest } from '../signing-request.ts';
import { useOf } from '../templates.ts';
import { dateOf } from '../validity.ts';

/** What the authority signs with; its keys are P-256. */
const SIGNING_ALGORITHM = 'SHA256WITHECDSA';

export const issueCertificate = operation<AcmPcaClient, 'IssueCertificate', AcmPcaDeps>({
  name: 'IssueCertificate',
  state: 'write',
  permission: {
    resource: ({ CertificateAuthorityArn }) => CertificateAuthorityArn,
    context: ({ TemplateArn }) => ({ 'acm-pca:TemplateArn': TemplateArn }),
  },
  gaps: [
    'Templates: EndEntityCertificate/V1, EndEntityServerAuthCertificate/V1 and EndEntityClientAuthCertificate/V1; no `ApiPassthrough`.',
    'Of the subject, the common name is issued; of alternative names, DNS names and addresses.',
    'A repeated `IdempotencyToken` with the same request gives the same certificate for as long as the authority remembers it, not for five minutes.',
    'The certificate is there when the call returns.',
  ],
  async handle(input, call, { issuer }) {
    requireAuthority(input.CertificateAuthorityArn, call);
    if (input.SigningAlgorithm !== SIGNING_ALGORITHM) {
      throw invalidArgs(
        `The signing algorithm ${input.SigningAlgorithm} does not fit the key of the certificate authority; it signs with ${SIGNING_ALGORITHM}.`,
      );
    }
    if (input.ApiPassthrough !== undefined) throw invalidArgs('ApiPassthrough needs a template that takes it.');
    const use = useOf(input.TemplateArn, call.partition);
    const csr = await requireSigningRequest(input.Csr);
    const notAfter = dateOf(input.Validity, call.now, 'Validity');
    const { ValidityNotBefore: from } = input;
    const notBefore = from === undefined ? undefined : dateOf(from, call.now, 'ValidityNotBefore');
    if (notAfter <= (notBefore ?? call.now)) throw invalidArgs('The certificate would end before it begins.');
    const { intermediate } = await asked(issuer.certificates(), input.CertificateAuthorityArn);
    if (notAfter > new X509Certificate(intermediate).validToDate.getTime()) {
      throw validation('The certificate validity specified exceeds the certificate authority validity.');
    }
    const issued = issuer.issue({
      ...{ csr, use, notAfter, holder: holderOf(call), requestId: requestIdOf(input, call) },
      ...(notBefore === undefined ? {} : { notBefore }),
    });
    const { serial } = await asked(issued, input.CertificateAuthorityArn);
    return { CertificateArn: certificateArn(call, serial) };
  },
});

interface Repeatable {
  readonly IdempotencyToken?: string | undefined;
  readonly Csr: Uint8Array;
  readonly Validity: object;
  readonly ValidityNotBefore?: object | undefined;
  readonly TemplateArn?: string | undefined;
}

/** Equal for all attempts of one call, and for calls that say by their token that they are one. */
function requestIdOf(input: Repeatable, { accountId, commandId, requestId }: Call): string {
  const { IdempotencyToken, Csr, Validity, ValidityNotBefore, TemplateArn } = input;
  if (IdempotencyToken === undefined) return `acm-pca/${accountId}/call/${commandId ?? requestId}`;
  const asked = [IdempotencyToken, Buffer.from(Csr).toString('base64'), Validity, ValidityNotBefore, TemplateArn];
  return `acm-pca/${accountId}/token/${hash('sha256', JSON.stringify(asked))}`;
}
