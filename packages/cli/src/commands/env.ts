/** `stormglass env`: the variables that make AWS clients use the region; for `eval "$(stormglass env)"`. */

import type { OneRegionStatus } from '@stormglass/contracts';
import { result } from '../output.ts';
import { controlOf } from '../region-control.ts';
import { regionNamed } from '../regions-of.ts';
import type { CommandLine } from '../settings.ts';

type Endpoint = Pick<OneRegionStatus, 'region' | 'endpoint' | 'rootFile'>;

const variables = (status: Endpoint, isTls = false): Record<string, string> => ({
  AWS_ENDPOINT_URL: isTls ? status.endpoint.replace(/^http:/, 'https:') : status.endpoint,
  ...(isTls ? { AWS_CA_BUNDLE: status.rootFile } : {}),
  AWS_REGION: status.region,
  AWS_DEFAULT_REGION: status.region,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
});

/** A shell line a variable; a session token left over from elsewhere would spoil the rest. */
export const environmentLines = (status: Endpoint, isTls = false): string[] => [
  'unset AWS_SESSION_TOKEN AWS_PROFILE',
  ...Object.entries(variables(status, isTls)).map(([name, value]) => `export ${name}=${value}`),
];

export async function env(line: CommandLine): Promise<number> {
  const status = regionNamed(await controlOf(line).status(), line.values.region);
  const isTls = line.values.tls === true;
  result(line, variables(status, isTls), () => environmentLines(status, isTls).join('\n'));
  return 0;
}
