/** The little that is used of dynalite, which brings no types. */
declare module 'dynalite' {
  import type { Server } from 'node:http';
  export default function dynalite(options: { readonly createTableMs: number }): Server;
}
