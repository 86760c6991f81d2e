import { Buffer } from 'node:buffer';
import type { Randomness } from '../ports/randomness.js';
import { Secret } from '../values/secret.js';

const NODE_SECRET_BYTES = 32;

export function newNodeSecret(randomness: Randomness): Secret {
  return new Secret(Buffer.from(randomness.bytes(NODE_SECRET_BYTES)).toString('base64url'));
}
