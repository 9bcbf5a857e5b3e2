/**
 * A TCP link that can go silent: a forwarder in user space, so that cutting a network needs no privilege and works on
 * every system. A silent link behaves like a network that drops packets: connections stay open, new ones are accepted,
 * and no byte passes in either direction until the link heals; then what was under way arrives.
 */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export interface LinkOptions {
  /** The port of 127.0.0.1 this link leads to. */
  readonly target: number;
  /** Who dials this link, when only one party does. */
  readonly from?: number;
  /** Finds out who dials from what they send; asked chunk by chunk until it knows. */
  readonly identify?: (chunk: Buffer) => number | undefined;
}

/** Decides for a connection, by its dialler (undefined while unknown), whether it must be silent. */
export type Silence = (from: number | undefined) => boolean;

const never: Silence = () => false;

export class Link {
  readonly #options: LinkOptions;
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  #silence: Silence = never;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#server = createServer(socket => this.#accept(socket));
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Silences the connections that `silence` says; replaces what was said before. */
  silence(silence: Silence): void {
    this.#silence = silence;
    for (const connection of this.#connections) connection.review();
  }

  heal(): void {
    this.silence(never);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>(resolve => this.#server.close(() => resolve()));
    for (const connection of this.#connections) connection.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    const connection = new Connection(
      socket,
      this.#options,
      from => this.#silence(from),
      () => {
        this.#connections.delete(connection);
      },
    );
    this.#connections.add(connection);
    connection.review();
  }
}

/** One accepted connection and, as soon as it may speak, the connection it is joined to. */
class Connection {
  readonly #near: Socket;
  readonly #options: LinkOptions;
  readonly #silent: Silence;
  readonly #onClosed: () => void;
  #far: Socket | undefined;
  #from: number | undefined;
  /** What arrived in the moment that told us it must not pass. */
  #held: Buffer | undefined;

  constructor(near: Socket, options: LinkOptions, silent: Silence, onClosed: () => void) {
    this.#near = near;
    this.#options = options;
    this.#from = options.from;
    this.#silent = silent;
    this.#onClosed = onClosed;
    near.setNoDelay(true);
    near.pause();
    near.on('error', () => {});
    near.on('close', () => this.destroy());
  }

  /** Looks again whether this connection may speak. */
  review(): void {
    if (this.#near.destroyed) return;
    if (this.#silent(this.#from)) {
      this.#near.pause();
      this.#far?.pause();
      return;
    }
    this.#join();
    if (this.#held) {
      this.#far?.write(this.#held);
      this.#held = undefined;
    }
    this.#near.resume();
    this.#far?.resume();
  }

  destroy(): void {
    this.#near.destroy();
    this.#far?.destroy();
    this.#onClosed();
  }

  #join(): void {
    if (this.#far) return;
    const far = connect({ host: '127.0.0.1', port: this.#options.target, noDelay: true });
    this.#far = far;
    far.on('error', () => {});
    far.on('close', () => this.destroy());
    far.on('data', chunk => this.#forward(chunk as Buffer, far, this.#near));
    far.on('end', () => this.#near.end());
    this.#near.on('data', chunk => this.#onData(chunk as Buffer, far));
    this.#near.on('end', () => far.end());
  }

  #onData(chunk: Buffer, far: Socket): void {
    this.#from ??= this.#options.identify?.(chunk);
    if (this.#silent(this.#from)) {
      this.#held = this.#held ? Buffer.concat([this.#held, chunk]) : chunk;
      this.review();
    } else {
      this.#forward(chunk, this.#near, far);
    }
  }

  /** Passes a chunk on, and reads no more than the other side takes. */
  #forward(chunk: Buffer, from: Socket, to: Socket): void {
    if (to.destroyed || to.write(chunk)) return;
    from.pause();
    // Not simply `resume`: the link may have gone silent meanwhile.
    to.once('drain', () => this.review());
  }
}
