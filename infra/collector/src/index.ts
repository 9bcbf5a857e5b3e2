/** A collector of traces and metrics that can be started inside a test. */
export { ApplicationSpan } from './application-span.ts';
export { type Collector, type CollectorOptions, startCollector } from './collector.ts';
export type { JaegerSpan, JaegerTrace } from './jaeger/jaeger-forms.ts';
export type { Chart, Dashboards, Line } from './store/dashboards.ts';
