/** Beside the world on Kubernetes: the only container that may speak to its API, about the Secrets of the zones alone. */
import { join } from 'node:path';
import { keepHealthFile } from './health-file.ts';
import type { Closing, Surroundings } from './host.ts';
import { IdentitySecrets, kubernetesSecrets } from './identity-secrets.ts';
import { hostName } from './parts.ts';

const API = {
  endpoint: 'https://kubernetes.default.svc',
  accountFolder: '/var/run/secrets/kubernetes.io/serviceaccount',
};

export async function runSecrets({ settings, clock, logger }: Surroundings): Promise<Closing> {
  const { region, identityFolder, healthFile } = settings;
  const folders = region.zones.map(
    ({ id }, i) => [hostName('identity', id), join(identityFolder, String(i + 1))] as const,
  );
  const secrets = new IdentitySecrets({
    folders: new Map(folders),
    patch: kubernetesSecrets(API),
    ...{ clock, logger },
  });
  void secrets.start();
  const stopHealthFile = keepHealthFile(healthFile, () => secrets.areTold, clock);
  return {
    async close() {
      stopHealthFile();
      secrets.close();
    },
  };
}
