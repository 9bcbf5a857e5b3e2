/** Whom a command talks to: the world behind the region's folder, or a region in containers (`--docker`). */
import { join } from 'node:path';
import { ComposeProject, ContainerControl, dockerWith, type RegionControl } from '@stormglass/compose/control';
import { WorldClient } from '@stormglass/contracts';
import { StateFolder } from '@stormglass/region';
import type { CommandLine } from './settings.ts';

export const controlOf = ({ project, folder }: CommandLine): RegionControl =>
  project === undefined
    ? new WorldClient(new StateFolder(folder).controlSocket)
    : new ContainerControl(new ComposeProject(dockerWith({}), { project }), join(folder, `${project}-ca.pem`));
