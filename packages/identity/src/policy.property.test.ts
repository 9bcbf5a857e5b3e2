/** Twenty thousand random requests, decided by the compiled evaluator and by one that was written to be believed. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compilePolicyText } from './policy-compiler.ts';
import type { PolicyUse } from './policy-document.ts';
import { evaluate, type PolicySets } from './policy-evaluator.ts';
import { evaluateTraced } from './policy-trace.ts';
import { REQUESTS_EACH, scenario } from './testing/policy-random.ts';
import {
  type ReferencePolicy,
  type ReferenceRequest,
  type ReferenceSets,
  referenceDecision,
} from './testing/reference-evaluator.ts';

function compiled(sets: ReferenceSets): PolicySets {
  const compile = (document: ReferencePolicy, use: PolicyUse) => compilePolicyText(JSON.stringify(document), use);
  return {
    identity: sets.identity.map(document => compile(document, 'inline')),
    boundary: sets.boundary && compile(sets.boundary, 'inline'),
    session: sets.session?.map(document => compile(document, 'session')),
    resource: sets.resource && compile(sets.resource, sets.trust ? 'trust' : 'resource'),
    resourcePolicyRequired: sets.trust,
  };
}

/** How many requests end in each way: a test whose requests are all refused at once proves little. */
const endings = new Map<string, number>();
const REQUESTS = 20_000;

it('agrees with the naive reading of the policy language', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(scenario, ({ sets, requests }) => {
      const policies = compiled(sets);
      for (const request of requests) compare(policies, sets, request);
    }),
    // fast-check prints the seed and a shrunk counterexample when this fails.
    { numRuns: REQUESTS / REQUESTS_EACH },
  );
});

function compare(policies: PolicySets, sets: ReferenceSets, request: ReferenceRequest): void {
  const decision = evaluate(policies, request);
  const expected = referenceDecision(sets, request);
  const agrees =
    decision.allowed === expected.allowed &&
    (decision.allowed || (decision.explicit === expected.explicit && expected.reasons.includes(decision.by)));
  if (!agrees) expect({ request, decision }).toEqual({ request, decision: expected });
  const traced = evaluateTraced(policies, request).decision;
  if (JSON.stringify(traced) !== JSON.stringify(decision)) expect(traced).toEqual(decision);
  const ending = decision.allowed ? 'allowed' : `${decision.explicit ? 'denied' : 'lacking'} ${decision.by}`;
  endings.set(ending, (endings.get(ending) ?? 0) + 1);
}

it('has seen every way to end', () => {
  const kinds = ['identity', 'boundary', 'session', 'resource', 'trust'];
  for (const ending of ['allowed', ...kinds.flatMap(kind => [`denied ${kind}`, `lacking ${kind}`])])
    expect(endings.get(ending) ?? 0, ending).toBeGreaterThan(20);
  expect(endings.get('allowed')).toBeGreaterThan(1000);
});
