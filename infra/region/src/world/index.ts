/** What a world is made of, for those who put one together in another way. */
export { type ZoneFitness, ZoneHealthProbe } from '../zone-health.ts';
export { AuthorityService } from './certificates/authority-service.ts';
export { ChaosApi } from './chaos-api.ts';
export { type Control, serveControlApi } from './control-api.ts';
export { examine } from './doctor.ts';
export { FaultBoard, type ZonePower } from './fault-board.ts';
export { FrontDoor, type Target } from './front-door.ts';
export { AUTHORITY_PLACE, HostFaultSwitches } from './host-faults.ts';
export { LOG_PLACE } from './log-service.ts';
export { type RegionLinks, standingRules } from './region-links.ts';
export { whenServing } from './when-serving.ts';
export { ZoneSettings } from './zone-settings.ts';
