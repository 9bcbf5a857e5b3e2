/** What tests look at in Kubernetes manifests, whose types are checked against the whole API elsewhere (`conformity.ts`). */
export type Labels = Readonly<Record<string, string>>;

export interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values: string[] }[];
}

export interface Port {
  readonly name: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

export interface Volume {
  readonly name: string;
  readonly secret?: { readonly secretName: string; readonly items: readonly { readonly key: string }[] };
}

export interface Container {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly ports?: readonly { readonly containerPort: number; readonly protocol: string }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

export interface Pod {
  readonly metadata: { readonly labels: Labels };
  readonly spec: {
    readonly containers: readonly Container[];
    readonly volumes: readonly Volume[];
    readonly affinity?: {
      readonly nodeAffinity: object;
      readonly podAntiAffinity: {
        readonly requiredDuringSchedulingIgnoredDuringExecution: readonly {
          readonly topologyKey: string;
          readonly labelSelector: Selector;
        }[];
      };
    };
  };
}

export interface PolicyPeer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string };
}

export interface PolicyRule {
  readonly from?: readonly PolicyPeer[];
  readonly to?: readonly PolicyPeer[];
  readonly ports?: readonly Omit<Port, 'name'>[];
}

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Labels };
  readonly spec?: unknown;
  readonly rules?: readonly unknown[];
}

export interface Workload extends Manifest {
  readonly spec: { readonly selector: Selector; readonly template: Pod };
}

export interface Service extends Manifest {
  readonly spec: { readonly selector: Labels; readonly ports: readonly Port[] };
}

export interface Budget extends Manifest {
  readonly spec: { readonly selector: Selector; readonly maxUnavailable: number };
}

export interface NetworkPolicy extends Manifest {
  readonly spec: {
    readonly podSelector: Selector;
    readonly ingress: readonly PolicyRule[];
    readonly egress: readonly PolicyRule[];
  };
}

/** @throws Error when a selector is of a sort that the chart does not use */
export function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  const isIn = ({ key, operator, values }: { readonly key: string; readonly operator: string; values: string[] }) => {
    if (operator !== 'In') throw new Error(`operator ${operator}`);
    return values.includes(labels[key] ?? '');
  };
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value) && matchExpressions.every(isIn);
}

export interface Call {
  readonly from: Labels;
  readonly to: Labels;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

/**
 * Whether policies let a pod call another one of the same namespace: what leaves and what arrives must each be allowed by a
 * policy of the pod, or the pod have none (Kubernetes, "Network Policies").
 */
export function isAllowed(policies: readonly NetworkPolicy[], { from, to, port, protocol }: Call): boolean {
  const allows = (rules: readonly PolicyRule[], other: Labels, peersOf: (rule: PolicyRule) => PolicyRule['from']) =>
    rules.some(rule => {
      const peers = peersOf(rule);
      const meansOther = ({ podSelector, namespaceSelector }: PolicyPeer) =>
        podSelector !== undefined && namespaceSelector === undefined && selects(podSelector, other);
      const meansPort = rule.ports?.some(each => each.port === port && each.protocol === protocol) ?? true;
      return meansPort && (peers?.some(meansOther) ?? true);
    });
  const policiesOf = (labels: Labels) => policies.filter(({ spec }) => selects(spec.podSelector, labels));
  const [leaving, arriving] = [policiesOf(from), policiesOf(to)];
  return (
    (leaving.length === 0 || leaving.some(({ spec }) => allows(spec.egress, to, rule => rule.to))) &&
    (arriving.length === 0 || arriving.some(({ spec }) => allows(spec.ingress, from, rule => rule.from)))
  );
}
