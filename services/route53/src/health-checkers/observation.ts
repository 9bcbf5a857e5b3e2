/** What checkers have seen of an endpoint, as GetHealthCheckStatus tells it. */
export interface Observation {
  /** Region that the checker stands in. */
  readonly region: string;
  readonly ipAddress: string;
  /** `Success: HTTP Status Code 200, OK`, or what failed. */
  readonly status: string;
  /** In ms since the epoch. */
  readonly checkedAt: number;
}

/** The newest observations of each checker of this zone. Observations of other zones would be added here. */
export interface HealthObservations {
  newest(healthCheckId: string): readonly Observation[];
  /** Each checker's last failure; checkers without one are left out. */
  failures(healthCheckId: string): readonly Observation[];
}

/** Of a zone in which nobody probes: a simulation, a service alone. */
export const noObservations: HealthObservations = { newest: () => [], failures: () => [] };
