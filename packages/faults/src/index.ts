/** Faults, one file each: what can go wrong on a link or with a zone's processes. */
export { HOST_FAULTS, type HostFaultKind } from './host-faults.ts';
export { FaultSettingsError, type LinkBehaviour, type LinkFaultKind, type Verdict } from './link-fault.ts';
export { LINK_FAULTS, type LinkRule, LinkRules, parseLinkRule, ruleApplies } from './link-rules.ts';
export { isProcessFault, PROCESS_FAULTS, type ProcessFault } from './process-fault.ts';
export { ShapedDirection, type ShapedDirectionOptions } from './shaped-direction.ts';
