import type { Secret } from '../values/secret.js';

/** The address of a proxy, and the URL that is used. */
export interface CloudlyProxy {
  /** Its origin, without user name and password. */
  address: string;
  /** With them, as it was given. */
  url: Secret;
}
