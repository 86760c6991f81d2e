import { composeToken, type TokenKind } from '@serve.zone/baseos-contracts';
import { sha256Hex } from './hash.js';

export interface MintedToken {
  /** Public; names the token in lists and logs. */
  id: string;
  /** The secret. Shown or sent once, never kept. */
  token: string;
  /** What is stored instead. */
  hash: string;
}

/** A new token: 64 random bits that name it, and 256 secret ones. */
export async function mintToken(kind: TokenKind, randomBytes: (byteCount: number) => Uint8Array): Promise<MintedToken> {
  const { id, token } = composeToken(kind, { id: randomBytes(8), secret: randomBytes(32) });
  return { id, token, hash: await sha256Hex(token) };
}
