/**
 * Access control lists in the language of policies, so that one evaluation decides over both ("Mapping of ACL permissions
 * and access policy permissions", Amazon S3 User Guide).
 */
import { type CompiledPolicy, compilePolicy, type PolicyStatement, type PrincipalClause } from '@stormglass/identity';
import { type Acl, type AclPermission, ALL_USERS, type Grantee, LOG_DELIVERY } from './acl.ts';

type Actions = Readonly<Record<Exclude<AclPermission, 'FULL_CONTROL'>, readonly string[]>>;

const ON_BUCKET: Actions = {
  READ: ['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads'],
  WRITE: ['s3:PutObject'],
  READ_ACP: ['s3:GetBucketAcl'],
  WRITE_ACP: ['s3:PutBucketAcl'],
};

const ON_OBJECT: Actions = {
  READ: ['s3:GetObject', 's3:GetObjectVersion'],
  WRITE: [],
  READ_ACP: ['s3:GetObjectAcl', 's3:GetObjectVersionAcl'],
  WRITE_ACP: ['s3:PutObjectAcl', 's3:PutObjectVersionAcl'],
};

/** @param ignoresPublic whether grants to everybody count for nothing (`IgnorePublicAcls`) */
export function compileAcl(acl: Acl, about: 'bucket' | 'object', ignoresPublic: boolean): CompiledPolicy {
  const actionsOf = about === 'bucket' ? ON_BUCKET : ON_OBJECT;
  const statements = acl.grants.flatMap(({ grantee, permission }): readonly PolicyStatement[] => {
    if (grantee.kind === 'group' && (ignoresPublic || grantee.uri === LOG_DELIVERY)) return [];
    const patterns = permission === 'FULL_CONTROL' ? Object.values(actionsOf).flat() : actionsOf[permission];
    if (patterns.length === 0) return [];
    const action = { negated: false, patterns };
    return [{ effect: 'Allow', action, principal: principalOf(grantee), conditions: conditionsOf(grantee) }];
  });
  return compilePolicy({ version: '2012-10-17', statements });
}

const NOBODY = { negated: false, everyone: false, aws: [], service: [], federated: [], canonicalUser: [] } as const;

const principalOf = (grantee: Grantee): PrincipalClause =>
  grantee.kind === 'user' ? { ...NOBODY, canonicalUser: [grantee.id] } : { ...NOBODY, everyone: true };

/** Authenticated users are all but those who did not sign. */
const conditionsOf = (grantee: Grantee): PolicyStatement['conditions'] =>
  grantee.kind === 'user' || grantee.uri === ALL_USERS
    ? []
    : [{ operator: 'StringNotEquals', key: 'aws:PrincipalType', values: ['Anonymous'] }];
