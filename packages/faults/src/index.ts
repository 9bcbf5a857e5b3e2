/** Faults, one file each: what can go wrong on a link, in a zone's host, or with its processes. */
export { BLOB_DAMAGES, BlobDamage, type BlobDamageKind, type BlobDamageRule } from './blob-damage.ts';
export {
  CALL_RULES_MAX,
  type CallAccess,
  CallFaults,
  type CallRule,
  type CallVerdict,
  type FaultyCall,
  type PostedCallRule,
  parseCallRule,
} from './call-faults.ts';
export { controlPlaneRules } from './control-plane-outage.ts';
export { DNS_FAULTS, type DnsFault, DnsFaults, type DnsRule, type DnsVerdict } from './dns-faults.ts';
export {
  type AroundSettings,
  HOST_FAULTS,
  type HostFaultKind,
  type HostFaultSettings,
  parseHostFault,
} from './host-faults.ts';
export { type BeforeWrite, HostFaults, type HostRules } from './host-rules.ts';
export { LinkConnection, type LinkConnectionOptions } from './link-connection.ts';
export {
  FaultSettingsError,
  type LinkBehaviour,
  type LinkFaultKind,
  type Medium,
  numberSetting,
  type Sent,
  type Verdict,
} from './link-fault.ts';
export { LINK_FAULTS, type LinkRule, LinkRules, parseLinkRule, ruleApplies } from './link-rules.ts';
export { isProcessFault, PROCESS_FAULTS, type ProcessFault } from './process-fault.ts';
export { ShapedDirection } from './shaped-direction.ts';
