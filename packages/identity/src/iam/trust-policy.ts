/**
 * Trust policies and the entities they name. IAM binds a trust policy to the user or role an ARN meant when the policy
 * was written: somebody who later takes over the name does not take over the trust.
 */
import { entityNameOf, splitArn } from '../arn.ts';
import { type CompiledPolicy, compilePolicy } from '../policy-compiler.ts';
import { type PolicyDocument, type PrincipalClause, parsePolicy } from '../policy-document.ts';
import { malformed } from '../policy-error.ts';
import type { EntityRecord, TrustPolicy } from './records.ts';
import { type IamTables, keyOf } from './tables.ts';

/**
 * The policy bound to the entities it names.
 * @throws PolicyDocumentError also when a user or role it names does not exist.
 */
export function bindTrustPolicy(tables: IamTables, document: string): TrustPolicy {
  const principalIds: Record<string, string> = {};
  for (const statement of parsePolicy(document, 'trust').statements) {
    for (const name of statement.principal?.aws ?? []) {
      if (!namesEntity(name)) continue;
      const entity = entityByArn(tables, name);
      if (entity === undefined) malformed(`Invalid principal in policy: "AWS":${JSON.stringify(name)}`);
      principalIds[name] = entity.id;
    }
  }
  return { document, principalIds };
}

/** Compiles a trust policy so that it matches unique ids where it was written with ARNs. */
export function compileTrustPolicy(policy: TrustPolicy): CompiledPolicy {
  const document = parsePolicy(policy.document, 'trust');
  const bound = (clause: PrincipalClause): PrincipalClause => ({
    ...clause,
    aws: clause.aws.map(name => policy.principalIds[name] ?? name),
  });
  const statements: PolicyDocument['statements'] = document.statements.map(statement =>
    statement.principal === undefined ? statement : { ...statement, principal: bound(statement.principal) },
  );
  return compilePolicy({ ...document, statements });
}

/** The policy as IAM shows it: an ARN whose entity is gone has turned into that entity's unique id. */
export function shownTrustPolicy(tables: IamTables, policy: TrustPolicy): string {
  let text = policy.document;
  for (const [arn, id] of Object.entries(policy.principalIds)) {
    if (entityByArn(tables, arn)?.id !== id) text = text.replaceAll(JSON.stringify(arn), JSON.stringify(id));
  }
  return text;
}

/** Whether a principal is the ARN of a user or role; accounts, sessions and `*` are nobody's name. */
function namesEntity(name: string): boolean {
  const arn = splitArn(name);
  return arn?.service === 'iam' && arn.resource !== 'root';
}

function entityByArn(tables: IamTables, name: string): EntityRecord | undefined {
  const arn = splitArn(name);
  if (arn === undefined) return undefined;
  const key = keyOf(arn.account, entityNameOf(arn.resource));
  const entity = arn.resource.startsWith('user/') ? tables.users.get(key) : tables.roles.get(key);
  return entity?.arn === name ? entity : undefined;
}
