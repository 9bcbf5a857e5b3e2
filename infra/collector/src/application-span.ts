/**
 * The span of an application that calls a region: what its requests name as their parent. For tests and demonstrations;
 * applications have an OpenTelemetry SDK of their own.
 */
import { type Clock, hexId, type Random } from '@stormglass/base';

export class ApplicationSpan {
  readonly traceId: string;
  readonly #spanId: string;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #beganAt: number;

  constructor(name: string, clock: Clock, random: Random) {
    this.traceId = hexId(random, 16);
    this.#spanId = hexId(random, 8);
    this.#name = name;
    this.#clock = clock;
    this.#beganAt = clock.now();
  }

  /** The W3C header that requests made in this span carry. */
  get traceparent(): string {
    return `00-${this.traceId}-${this.#spanId}-01`;
  }

  /**
   * Ends the span and sends it, as OTLP in JSON.
   * @throws Error when the collector refuses it
   */
  async end(otlpEndpoint: string): Promise<void> {
    const span = {
      ...{ traceId: this.traceId, spanId: this.#spanId, name: this.#name, kind: 1 },
      startTimeUnixNano: `${this.#beganAt}000000`,
      endTimeUnixNano: `${this.#clock.now() + 1}000000`,
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
