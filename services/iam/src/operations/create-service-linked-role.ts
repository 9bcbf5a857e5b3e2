/** Makes the role of an AWS service, which only that service may change. */

import { defined, iamId } from '@stormglass/base';
import { operation } from '@stormglass/service-kit';
import { execute, type IamClient, type IamDeps } from '../deps.ts';
import { onNewServiceLinkedRole } from '../resource-permissions.ts';
import { shownRole } from '../shapes.ts';

export const createServiceLinkedRole = operation<IamClient, 'CreateServiceLinkedRole', IamDeps>({
  name: 'CreateServiceLinkedRole',
  state: 'write',
  permission: onNewServiceLinkedRole,
  gaps: [
    'The role has no policies: those of the services are not built in.',
    'A service that is not in the table gets a role named after the service.',
  ],
  async handle(input, call, deps) {
    const role = await execute(deps, call, {
      type: 'CreateServiceLinkedRole',
      accountId: call.accountId,
      service: input.AWSServiceName,
      roleId: iamId(deps.random, 'AROA'),
      ...defined({ description: input.Description, customSuffix: input.CustomSuffix }),
    });
    return { Role: shownRole(role) };
  },
});
