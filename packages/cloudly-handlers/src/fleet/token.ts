import { sha256Hex } from './hash.js';

/**
 * `bjt_<id>_<secret><checksum>` lets a device join, `bnt_...` is a node's own. 11, 43 and 6 characters of base62: 64 and
 * 256 random bits, and the CRC-32 of all that stands before it. So secret scanners find a token, people can name it by
 * its ID, and a mistyped one is told from an unknown one.
 */
export type TokenKind = 'join' | 'node';

export interface MintedToken {
  /** Readable by anybody; names the token in lists and logs. */
  id: string;
  /** The secret. Shown or sent once, never kept. */
  token: string;
  /** What is kept instead. */
  hash: string;
}

const prefixes = { join: 'bjt', node: 'bnt' } as const satisfies Record<TokenKind, string>;

const ID_BYTES = 8;
const ID_LENGTH = 11;
const SECRET_BYTES = 32;
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;

export async function mintToken(kind: TokenKind, randomBytes: (byteCount: number) => Uint8Array): Promise<MintedToken> {
  const id = base62(integerOf(randomBytes(ID_BYTES)), ID_LENGTH);
  const unchecked = `${prefixes[kind]}_${id}_${base62(integerOf(randomBytes(SECRET_BYTES)), SECRET_LENGTH)}`;
  const token = unchecked + checksum(unchecked);
  return { id, token, hash: await sha256Hex(token) };
}

/** What a text is as a token: `other-kind` for a well-formed token of the wrong sort, `mistyped` when it lost or changed a character. */
export type TokenReading = { kind: 'well-formed'; id: string } | { kind: 'other-kind' | 'mistyped' | 'foreign' };

export function readToken(expected: TokenKind, candidate: string): TokenReading {
  const parts = tokenPattern.exec(candidate);
  if (!parts?.groups) return { kind: /^b[jn]t_/.test(candidate) ? 'mistyped' : 'foreign' };
  const { unchecked = '', prefix = '', id = '', check = '' } = parts.groups;
  if (checksum(unchecked) !== check) return { kind: 'mistyped' };
  return prefix === prefixes[expected] ? { kind: 'well-formed', id } : { kind: 'other-kind' };
}

const tokenPattern = new RegExp(
  `^(?<unchecked>(?<prefix>bjt|bnt)_(?<id>[0-9A-Za-z]{${ID_LENGTH}})_[0-9A-Za-z]{${SECRET_LENGTH}})(?<check>[0-9A-Za-z]{${CHECKSUM_LENGTH}})$`,
);

const BASE62_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function base62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest /= 62n) text = BASE62_ALPHABET.charAt(Number(rest % 62n)) + text;
  return text;
}

function integerOf(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function checksum(text: string): string {
  return base62(BigInt(crc32(text)), CHECKSUM_LENGTH);
}

/** CRC-32 as in zip and PNG (ISO 3309), of ASCII. */
function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let index = 0; index < text.length; index += 1) {
    crc ^= text.charCodeAt(index);
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
