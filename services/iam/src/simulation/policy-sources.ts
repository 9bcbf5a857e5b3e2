/** The policies of a simulation, each with the name by which results point at it. */
import {
  type CompiledPolicy,
  compilePolicy,
  defaultVersion,
  type IamView,
  type IdentityKind,
  type IdentityRecord,
  type PolicyDocument,
  PolicyDocumentError,
  type PolicyUse,
  parsePolicy,
} from '@stormglass/identity';
import { invalidInput } from '../errors.ts';

// What IAM sends; the enumeration in the model has other words.
export type SourceType = 'IAM Policy' | 'Permissions Boundary Policy' | 'Resource Policy';

/** How a policy bears on whoever is simulated; policies that came with the request are attached to nobody. */
export type Attachment =
  | { readonly how: 'inline'; readonly policyName: string; readonly to: IdentityKind; readonly name: string }
  | { readonly how: 'aws-managed' | 'user-managed' | 'permission-boundary'; readonly arn: string };

export interface PolicySource {
  readonly id: string;
  readonly type: SourceType;
  readonly text: string;
  readonly document: PolicyDocument;
  readonly compiled: CompiledPolicy;
  readonly attachment?: Attachment;
}

/** All identity policies of a user, group or role, those of a user's groups included. */
export function identitySources(view: IamView, record: IdentityRecord): readonly PolicySource[] {
  const groups = record.kind === 'user' ? view.groupsOf(record) : [];
  return [record, ...groups].flatMap(holder => ownSources(view, holder));
}

function ownSources(view: IamView, holder: IdentityRecord): readonly PolicySource[] {
  const { kind: to, name } = holder;
  const inline = holder.inlinePolicies.map(({ name: policyName, document }) =>
    source(`${to}_${name}_${policyName}`, 'IAM Policy', document, 'inline', { how: 'inline', policyName, to, name }),
  );
  return [...inline, ...holder.attachedPolicies.flatMap(arn => managedSource(view, arn) ?? [])];
}

function managedSource(view: IamView, arn: string): PolicySource | undefined {
  const byAws = view.awsManagedPolicy(arn);
  if (byAws !== undefined)
    return source(byAws.name, 'IAM Policy', byAws.document, 'managed', { how: 'aws-managed', arn });
  const own = view.policy(arn);
  if (own === undefined) return undefined;
  return source(own.name, 'IAM Policy', defaultVersion(own).document, 'managed', { how: 'user-managed', arn });
}

/** The policy that bounds a user or role. */
export function boundarySource(view: IamView, record: IdentityRecord): PolicySource | undefined {
  const arn = record.kind === 'group' ? undefined : record.permissionsBoundary;
  const found = arn === undefined ? undefined : managedSource(view, arn);
  return (
    found && { ...found, type: 'Permissions Boundary Policy', attachment: { how: 'permission-boundary', arn: arn! } }
  );
}

const GIVEN: Record<SourceType, { readonly member: string; readonly use: PolicyUse }> = {
  'IAM Policy': { member: 'PolicyInputList', use: 'inline' },
  'Permissions Boundary Policy': { member: 'PermissionsBoundaryPolicyInputList', use: 'inline' },
  'Resource Policy': { member: 'ResourcePolicy', use: 'resource' },
};

/**
 * Policies that came with the request.
 * @throws AwsError `InvalidInput` when one of them is not a policy
 */
export function givenSources(type: SourceType, texts: readonly string[] = []): readonly PolicySource[] {
  const { member, use } = GIVEN[type];
  return texts.map((text, i) => {
    const id = type === 'Resource Policy' ? member : `${member}.${i + 1}`;
    try {
      return source(id, type, text, use);
    } catch (error) {
      if (!(error instanceof PolicyDocumentError)) throw error;
      throw invalidInput(`Invalid Input ${id}: ${error.message}`);
    }
  });
}

function source(id: string, type: SourceType, text: string, use: PolicyUse, attachment?: Attachment): PolicySource {
  const document = parsePolicy(text, use);
  const found = { id, type, text, document, compiled: compilePolicy(document) };
  return attachment === undefined ? found : { ...found, attachment };
}
