/** Regions in containers that are there: what Docker and the world do for an operator. */
export {
  CONTAINER_OUTAGES,
  ComposeProject,
  type ComposeProjectName,
  type ContainerOutage,
  dockerWith,
} from './compose-project.ts';
export { ContainerControl, type RegionControl } from './container-control.ts';
