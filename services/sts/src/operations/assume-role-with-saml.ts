/** SAML is not spoken here, and says so to callers that sign nothing, too. */
import { unsignedOperation } from '@stormglass/service-kit';
import type { StsClient, StsDeps } from '../deps.ts';
import { samlNotSupported } from '../errors.ts';

export const assumeRoleWithSaml = unsignedOperation<StsClient, 'AssumeRoleWithSAML', StsDeps>({
  name: 'AssumeRoleWithSAML',
  gaps: ['Always refused with status 501 and the code `NotImplemented`: there are no SAML providers.'],
  handle() {
    throw samlNotSupported();
  },
});
