/** A region for tests: started in a line, broken zone by zone, gone with the test process. */
export type { FaultRequest, RegionStatus, ZoneOutage, ZoneStatus } from '@stormglass/contracts';
export type { DockerRegion } from './docker/docker-driver.ts';
export type { EmbeddedRegion } from './embedded/embedded-driver.ts';
export { Fault } from './fault.ts';
export type { RegionDriver } from './region-driver.ts';
export { type RegionSettings, startRegion } from './start-region.ts';
export { type Credentials, TestRegion } from './test-region.ts';
export { type FailOptions, type PartitionOptions, TestZone, type ZoneFaultRequest } from './test-zone.ts';
