/** Certificate templates: what a certificate may be used for (AWS Private CA User Guide, "Template definitions"). */
import type { CustomerRequest } from '@stormglass/contracts';
import { invalidArgs, invalidArn } from './errors.ts';

const USES: Readonly<Record<string, CustomerRequest['use']>> = {
  'EndEntityCertificate/V1': 'server-and-client',
  'EndEntityServerAuthCertificate/V1': 'server',
  'EndEntityClientAuthCertificate/V1': 'client',
};

/** @throws AwsError InvalidArnException when it is no template, InvalidArgsException when it is not offered */
export function useOf(templateArn: string | undefined, partition: string): CustomerRequest['use'] {
  if (templateArn === undefined) return 'server-and-client';
  const prefix = `arn:${partition}:acm-pca:::template/`;
  if (!templateArn.startsWith(prefix)) throw invalidArn(templateArn);
  const template = templateArn.slice(prefix.length);
  const use = Object.hasOwn(USES, template) ? USES[template] : undefined;
  if (use === undefined) {
    throw invalidArgs(`The template ${template} is not offered; these are: ${Object.keys(USES).join(', ')}.`);
  }
  return use;
}
