/** What a world is made of, for those who put one together in another way. */
export { fitnessOf, type ZoneFitness, ZoneHealthProbe } from '../zone-health.ts';
export { askReplicas } from './ask-replicas.ts';
export { AuthorityService } from './certificates/authority-service.ts';
export { ChaosApi } from './chaos-api.ts';
export { type Control, serveControlApi } from './control-api.ts';
export { examine } from './doctor.ts';
export { FaultBoard, type FaultSwitch, type ZonePower } from './fault-board.ts';
export { FrontDoor, type Target } from './front-door.ts';
export { AUTHORITY_PLACE, HostFaultSwitches } from './host-faults.ts';
export { LOG_PLACE } from './log-service.ts';
export { ZonalDoor } from './zonal-door.ts';
