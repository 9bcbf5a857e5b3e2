/**
 * The text of a Compose document. What several services share (`<<`) is written once, under `x-`, with a name; Compose
 * merges it.
 */
import { Document, isAlias, isNode, visit } from 'yaml';
import { ETCD, NATS, REDIS } from './foreign-servers.ts';
import type { ComposeDocument } from './generate.ts';
import { CONTAINER } from './hardening.ts';
import { OWN } from './own-containers.ts';

const SHARED: Readonly<Record<string, object>> = {
  container: CONTAINER,
  own: OWN,
  nats: NATS,
  etcd: ETCD,
  redis: REDIS,
};
const LINE_WIDTH = 120;

export function yamlText(document: ComposeDocument, comment: string): string {
  const { name, ...rest } = document;
  const used = Object.entries(SHARED).filter(([, shared]) => refersTo(rest, shared));
  const shared = [...used, ['environment', environmentIn(document)] as const];
  const extensions = Object.fromEntries(shared.map(([key, value]) => [`x-${key}`, value]));
  const yaml = new Document({ name, ...extensions, ...rest }, { merge: true });
  yaml.commentBefore = comment;
  for (const [key] of shared) nameAnchor(yaml, `x-${key}`, key);
  return yaml.toString({ lineWidth: LINE_WIDTH });
}

const refersTo = (value: unknown, shared: object): boolean =>
  value === shared ||
  (typeof value === 'object' && value !== null && Object.values(value).some(each => refersTo(each, shared)));

/** What all environments start from. */
function environmentIn({ services }: ComposeDocument): object {
  const environments = Object.values(services as Record<string, { readonly environment?: { readonly '<<'?: object } }>);
  const found = environments.map(({ environment }) => environment?.['<<']).find(start => start !== undefined);
  if (found === undefined) throw new Error('no service has an environment of our own');
  return found;
}

function nameAnchor(yaml: Document, key: string, name: string): void {
  const node = yaml.get(key, true);
  if (!isNode(node) || isAlias(node) || node.anchor === undefined) throw new Error(`${key} is used nowhere`);
  const given = node.anchor;
  node.anchor = name;
  visit(yaml, {
    Alias(_, alias) {
      if (alias.source === given) alias.source = name;
    },
  });
}
