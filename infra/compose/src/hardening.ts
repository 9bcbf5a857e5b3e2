/** What every container of the region has in common: no rights, a root that cannot be written, and bounds. */

/** One processor at most, so that a machine of one can start it. */
export const CPUS = 1;

const LOGGING = { driver: 'json-file', options: { 'max-size': '5m', 'max-file': '2' } };

/** Merged into every service (`<<`), and written once. */
export const CONTAINER = {
  user: '1000:1000',
  read_only: true,
  cap_drop: ['ALL'],
  security_opt: ['no-new-privileges:true'],
  tmpfs: ['/tmp:size=16m,mode=1777'],
  // A container that is killed by hand stays down: so a zone that was taken away stays away until it is started again.
  restart: 'unless-stopped',
  stop_grace_period: '5s',
  cpus: CPUS,
  pids_limit: 128,
  logging: LOGGING,
};

/**
 * Every look is a process in the container, which costs the machine 50 ms or more: dozens of containers that are looked at
 * every second would leave it no time for anything else. So only those that others wait for, or that speak for others, are
 * watched closely while they start.
 */
const healthCheck = (command: string, intervalS: number, startIntervalS: number) => ({
  test: ['CMD-SHELL', command],
  interval: `${intervalS}s`,
  timeout: '10s',
  retries: 2,
  start_period: '120s',
  start_interval: `${startIntervalS}s`,
});

/** The world and the log, which others wait for; the entrance of a zone, which is well when all services of the zone are. */
export const closelyWatched = (command: string) => healthCheck(command, 10, 2);

export const watched = (command: string) => healthCheck(command, 30, 8);
