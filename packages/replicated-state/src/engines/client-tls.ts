/** What a client of an external log shows and whom it trusts, where the log's servers ask for certificates. */

/** PEM. */
export interface ClientTls {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/** Asked each time a connection is made, because certificates are renewed; undefined while there is none. */
export type CurrentTls = () => ClientTls | undefined;
