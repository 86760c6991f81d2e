/** A secret, or a part of one, that was found where it must not be. It does not contain the secret itself. */
export interface Leak {
  secret: string;
  /** How it was written there. */
  encoding: string;
}

/** So many characters of a secret in a row, however they are written, are a leak. */
const PIECE_LENGTH = 8;
/** A longer part of a hexadecimal secret, because digests and IDs are hexadecimal too. */
const HEX_PIECE_LENGTH = 12;

function ascii(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** Base64 of what has the secret in it, by where in a group of three bytes it begins; only what the secret alone decides. */
function base64Forms(piece: string): string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), ascii(piece)]).toString('base64');
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor(((before + piece.length) * 8) / 6);
    return encoded.slice(from, to);
  });
}

function hex(piece: string): string {
  return ascii(piece).toString('hex');
}

function perCharacter(piece: string, write: (hexCode: string) => string): string {
  return Array.from(piece, (character) => write(hex(character))).join('');
}

const encodings: Readonly<Record<string, (piece: string) => string[]>> = {
  plain: (piece) => [piece],
  reversed: (piece) => [Array.from(piece).toReversed().join('')],
  base64: base64Forms,
  base64url: (piece) => base64Forms(piece).map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  hex: (piece) => [hex(piece), hex(piece).toUpperCase()],
  'URL-encoded': (piece) => [
    perCharacter(piece, (code) => `%${code}`),
    perCharacter(piece, (code) => `%${code.toUpperCase()}`),
  ],
  'JSON-escaped': (piece) => [perCharacter(piece, (code) => `\\u00${code}`)],
};

/** Looks for secrets in texts: whole, in pieces, and in the ways in which programs write strings. */
export class SecretSearch {
  /** By length: the texts to search for, and the secret that each would reveal. */
  readonly #needles = new Map<number, Map<string, Leak>>();

  /** @param secrets by names that may be shown. The kind and ID of a Cloudly token are not secret. */
  constructor(secrets: Readonly<Record<string, string>>) {
    for (const [secret, value] of Object.entries(secrets)) {
      const hidden = value.replace(/^b(?:[jno]t|oi)_\w{11}_/, '');
      const length = /^[\da-f]+$/i.test(hidden) ? HEX_PIECE_LENGTH : PIECE_LENGTH;
      if (hidden.length < length) throw new Error(`The secret ${secret} is too short to be looked for.`);
      for (let start = 0; start + length <= hidden.length; start += 1)
        this.#add(secret, hidden.slice(start, start + length));
    }
  }

  /** Every secret that a text gives away, each once for each way. */
  find(text: string): Leak[] {
    const leaks = new Map<string, Leak>();
    for (const [length, needles] of this.#needles) {
      for (let start = 0; start + length <= text.length; start += 1) {
        const leak = needles.get(text.slice(start, start + length));
        if (leak) leaks.set(`${leak.secret} ${leak.encoding}`, leak);
      }
    }
    return [...leaks.values()];
  }

  #add(secret: string, piece: string): void {
    for (const [encoding, write] of Object.entries(encodings)) {
      for (const written of write(piece)) {
        const needles = this.#needles.get(written.length) ?? new Map<string, Leak>();
        // The plainest way stands for those that look the same.
        if (!needles.has(written)) needles.set(written, { secret, encoding });
        this.#needles.set(written.length, needles);
      }
    }
  }
}
