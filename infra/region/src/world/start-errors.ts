/** Why a world does not start, in words for the person who asked for it. */

/** The world cannot be started; the message is for the person who asked for it. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
}

/** A world of this folder is running already. */
export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning';
  readonly pid: number;
  readonly endpoint: string;
  constructor(pid: number, endpoint: string) {
    super(`the region is already running at ${endpoint} (pid ${pid})`);
    this.pid = pid;
    this.endpoint = endpoint;
  }
}
