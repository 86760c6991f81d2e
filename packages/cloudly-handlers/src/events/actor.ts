/**
 * Who caused a change, as `kind:name`:
 *
 * - `node:<node ID>`: the node itself, by a request.
 * - `operator:<name>`, `token:<name>`: an operator of the API, signed in or by an API token.
 * - `cli:<OS user>`: somebody with access to the database, at the command line.
 * - `host:<name>`: a user of the server that mounts the handlers.
 * - `anonymous`: somebody without credentials.
 * - `system`: Cloudly itself.
 */
export type Actor =
  | 'anonymous'
  | 'system'
  | `node:${string}`
  | `operator:${string}`
  | `token:${string}`
  | `cli:${string}`
  | `host:${string}`;
