/** Shows a version of a managed policy with its document. */
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';
import { findPolicy, versionsOf } from '../entities.ts';
import { noSuchEntity } from '../errors.ts';
import { onPolicy } from '../permissions.ts';
import { shownVersion } from '../shapes.ts';

export const getPolicyVersion = operation<IamClient, 'GetPolicyVersion', IamDeps>({
  name: 'GetPolicyVersion',
  state: 'strong-read',
  permission: onPolicy(),
  handle({ PolicyArn, VersionId }, call, deps) {
    const version = versionsOf(findPolicy(deps, call, PolicyArn)).find(({ versionId }) => versionId === VersionId);
    if (version === undefined)
      throw noSuchEntity(`Policy ${PolicyArn} version ${VersionId} does not exist or is not attachable.`);
    return { PolicyVersion: shownVersion(version) };
  },
});
