/**
 * Who a certificate speaks for, as a URI in its subject alternative names (SPIFFE ID; SPIFFE, "X.509-SVID"):
 * `spiffe://aws.stormglass/us-east-1/use1-az1/host`. The trust domain is the partition, so an identity of one partition
 * means nothing in another.
 */

/** `host`: runs a zone. `world`: the sequencer and the supervisor, outside the zones. */
export const ROLES = ['host', 'world'] as const;
export type Role = (typeof ROLES)[number];

export interface PeerIdentity {
  readonly partition: string;
  readonly region: string;
  /** Zone id; `*` for what is not in a zone. */
  readonly zone: string;
  readonly role: Role;
}

const TRUST_DOMAIN_SUFFIX = '.stormglass';
const FORM = /^spiffe:\/\/([a-z0-9-]+)\.stormglass\/([a-z0-9-]+)\/([a-z0-9-]+|\*)\/([a-z]+)$/;

/** The URI of an identity. */
export const identityUri = ({ partition, region, zone, role }: PeerIdentity): string =>
  `spiffe://${partition}${TRUST_DOMAIN_SUFFIX}/${region}/${zone}/${role}`;

/** Whether a URI claims an identity of any partition: such a URI never gets into a customer's certificate. */
export const claimsIdentity = (uri: string): boolean => uri.toLowerCase().startsWith('spiffe:');

/** Reads an identity; undefined when the text is not one. */
export function readIdentityUri(uri: string): PeerIdentity | undefined {
  const [, partition, region, zone, role] = FORM.exec(uri) ?? [];
  const known = ROLES.find(each => each === role);
  if (partition === undefined || region === undefined || zone === undefined || known === undefined) return undefined;
  return { partition, region, zone, role: known };
}
