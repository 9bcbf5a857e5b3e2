/** The span of an application: the parent of its calls, sent to the collector when they are over. */
import { randomBytes } from 'node:crypto';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { STSClient } from '@aws-sdk/client-sts';

export class ClientSpan {
  readonly traceId = randomBytes(16).toString('hex');
  readonly #spanId = randomBytes(8).toString('hex');
  readonly #name: string;
  readonly #beganAt = Date.now();

  constructor(name: string) {
    this.#name = name;
  }

  /** Has every request of `client` say that it belongs to this span. */
  over<C extends IAMClient | STSClient>(client: C): C {
    const traceparent = `00-${this.traceId}-${this.#spanId}-01`;
    (client as IAMClient).middlewareStack.add(
      next => args => {
        Object.assign((args.request as { headers: Record<string, string> }).headers, { traceparent });
        return next(args);
      },
      { step: 'build', name: 'traceparent' },
    );
    return client;
  }

  async end(otlpEndpoint: string): Promise<void> {
    const span = {
      ...{ traceId: this.traceId, spanId: this.#spanId, name: this.#name, kind: 3 },
      startTimeUnixNano: `${this.#beganAt}000000`,
      endTimeUnixNano: `${Date.now()}000000`,
    };
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'app' } }] };
    const answer = await fetch(`${otlpEndpoint}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }),
    });
    if (!answer.ok) throw new Error(`the collector refused the span: ${answer.status}`);
  }
}
