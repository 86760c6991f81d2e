/**
 * `join` admits a new node (`bjt_...`), `node` belongs to one node (`bnt_...`). Operators have the others, which no node uses:
 * `api` lets a program call (`bot_...`), `invitation` lets a person become an operator (`boi_...`).
 */
export type TokenKind = 'join' | 'node' | 'api' | 'invitation';

/**
 * The result of checking a text as a token: `other-kind` is a well-formed token of another kind, `mistyped` has a
 * missing or wrong character, and `foreign` does not have this form.
 */
export type TokenReading = { kind: 'well-formed'; id: string } | { kind: 'other-kind' | 'mistyped' | 'foreign' };

/** The random bytes of a new token. */
export interface TokenBytes {
  /** 8 bytes, which are public. */
  id: Uint8Array;
  /** 32 bytes, which only the holder may see. */
  secret: Uint8Array;
}

export interface ComposedToken {
  /** Names the token in lists and logs. */
  id: string;
  token: string;
}

const prefixes = { join: 'bjt', node: 'bnt', api: 'bot', invitation: 'boi' } as const satisfies Record<
  TokenKind,
  string
>;

const ID_LENGTH = 11;
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;

/** How long every token of this form is. */
export const TOKEN_LENGTH: number = 'bjt_'.length + ID_LENGTH + '_'.length + SECRET_LENGTH + CHECKSUM_LENGTH;

/**
 * A token in the form that Cloudlys of BaseOS use: `bjt_<id>_<secret><checksum>` or `bnt_...`. 11, 43 and 6 characters of
 * base62 hold 64 and 256 random bits, and the CRC-32 of everything before it. Secret scanners find such a token, people
 * can name it by its ID, and a typo differs from an unknown token. A node also accepts tokens of any other form.
 */
export function composeToken(kind: TokenKind, { id, secret }: TokenBytes): ComposedToken {
  const idText = base62(integerOf(id), ID_LENGTH);
  const unchecked = `${prefixes[kind]}_${idText}_${base62(integerOf(secret), SECRET_LENGTH)}`;
  return { id: idText, token: unchecked + checksum(unchecked) };
}

/** Checks the form of a token of one kind, from the text alone. */
export function readToken(expected: TokenKind, text: string): TokenReading {
  const parts = tokenPattern.exec(text);
  if (!parts?.groups) return { kind: anyPrefix.test(text) ? 'mistyped' : 'foreign' };
  const { unchecked = '', prefix = '', id = '', check = '' } = parts.groups;
  if (checksum(unchecked) !== check) return { kind: 'mistyped' };
  return prefix === prefixes[expected] ? { kind: 'well-formed', id } : { kind: 'other-kind' };
}

const anyPrefix = /^b(?:[jno]t|oi)_/;

const tokenPattern = new RegExp(
  `^(?<unchecked>(?<prefix>bjt|bnt|bot|boi)_(?<id>[0-9A-Za-z]{${ID_LENGTH}})_[0-9A-Za-z]{${SECRET_LENGTH}})(?<check>[0-9A-Za-z]{${CHECKSUM_LENGTH}})$`,
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
  let check = '';
  for (let rest = crc32(text); check.length < CHECKSUM_LENGTH; rest = Math.floor(rest / 62)) {
    check = BASE62_ALPHABET.charAt(rest % 62) + check;
  }
  return check;
}

/** CRC-32 as in zip and PNG (ISO 3309), of ASCII. */
function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let index = 0; index < text.length; index += 1) {
    crc = (crc >>> 8) ^ (crcOfByte[(crc ^ text.charCodeAt(index)) & 0xff] ?? 0);
  }
  return ~crc >>> 0;
}

const crcOfByte = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  return crc;
});
