/** What it takes to hash a password by scrypt (RFC 7914): memory is `128 * 2 ** costLog2 * blockSize` bytes. */
export interface ScryptCost {
  costLog2: number;
  blockSize: number;
  parallelization: number;
}

export interface PasswordHash extends ScryptCost {
  salt: Buffer;
  hash: Buffer;
}

/** As OWASP's Password Storage Cheat Sheet has it: 32 MiB. */
export const passwordCost: ScryptCost = { costLog2: 15, blockSize: 8, parallelization: 3 };

/** `$scrypt$ln=15,r=8,p=3$<salt>$<hash>`, the PHC string format: all that is needed to hash it again, on any Node. */
export function formatPasswordHash({ costLog2, blockSize, parallelization, salt, hash }: PasswordHash): string {
  return `$scrypt$ln=${costLog2},r=${blockSize},p=${parallelization}$${inBase64(salt)}$${inBase64(hash)}`;
}

/** @throws TypeError for what {@link formatPasswordHash} has not made, or costs more than anybody would pay */
export function parsePasswordHash(text: string): PasswordHash {
  const { ln, r, p, salt = '', hash = '' } = form.exec(text)?.groups ?? {};
  const parsed = {
    costLog2: Number(ln),
    blockSize: Number(r),
    parallelization: Number(p),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
  const isAffordable = parsed.costLog2 <= 20 && parsed.blockSize <= 32 && parsed.parallelization <= 16;
  if (hash === '' || !isAffordable) throw new TypeError('The hash of a password cannot be read');
  return parsed;
}

export function isSameCost(one: ScryptCost, other: ScryptCost): boolean {
  return (
    one.costLog2 === other.costLog2 &&
    one.blockSize === other.blockSize &&
    one.parallelization === other.parallelization
  );
}

const form =
  /^\$scrypt\$ln=(?<ln>\d{1,2}),r=(?<r>\d{1,2}),p=(?<p>\d{1,2})\$(?<salt>[A-Za-z0-9+/]{22,})\$(?<hash>[A-Za-z0-9+/]{43})$/;

function inBase64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
