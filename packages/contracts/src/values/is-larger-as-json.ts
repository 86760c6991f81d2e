import { UTF8_MAX_BYTES_PER_UNIT, utf8Length } from './utf8-length.js';

/**
 * Whether a value out of a message takes more bytes than that as JSON in UTF-8, without writing it, and visiting each part
 * twice at most. Of a number that is not whole 3 bytes count, and of what needs an escape in a string the character alone: what
 * is borderline by those is let pass, as the message has its bound all the same.
 */
export function isLargerAsJson(value: unknown, maxBytes: number): boolean {
  const roughly = measure(value, maxBytes, (text) => text.length * UTF8_MAX_BYTES_PER_UNIT);
  if (!roughly.isLarger || !roughly.hasLongText) return roughly.isLarger;
  return measure(value, maxBytes, utf8Length).isLarger;
}

/** Counts until there are more. How many bytes a long text takes is not cheap to tell. */
function measure(
  value: unknown,
  maxBytes: number,
  bytesOfLongText: (text: string) => number,
): { isLarger: boolean; hasLongText: boolean } {
  let leftBytes = maxBytes;
  let hasLongText = false;

  const countString = (text: string): void => {
    leftBytes -= QUOTES_BYTES;
    if (text.length > SHORT_MAX_LENGTH) {
      hasLongText = true;
      leftBytes -= bytesOfLongText(text);
      return;
    }
    leftBytes -= text.length;
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      // Each half of a surrogate pair stands for two of the four bytes.
      if (unit >= 0x80) leftBytes -= unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2;
    }
  };

  const count = (part: unknown): void => {
    if (typeof part === 'string') countString(part);
    else if (typeof part === 'number') leftBytes -= digitsOf(part);
    else if (Array.isArray(part)) countItems(part);
    else if (typeof part === 'object' && part !== null) countMembers(part as Record<string, unknown>);
    else leftBytes -= part === false ? 5 : 4;
  };

  const countItems = (items: readonly unknown[]): void => {
    leftBytes -= 1 + Math.max(1, items.length);
    for (const item of items) {
      if (leftBytes < 0) return;
      count(item);
    }
  };

  const countMembers = (members: Record<string, unknown>): void => {
    leftBytes -= BRACES_BYTES;
    // A comma stands before each but the first.
    let betweenBytes = COLON_BYTES;
    for (const key in members) {
      if (leftBytes < 0) return;
      leftBytes -= betweenBytes;
      betweenBytes = COLON_BYTES + COMMA_BYTES;
      countString(key);
      count(members[key]);
    }
  };

  count(value);
  return { isLarger: leftBytes < 0, hasLongText };
}

const QUOTES_BYTES = 2;
const BRACES_BYTES = 2;
const COLON_BYTES = 1;
const COMMA_BYTES = 1;
const SHORT_MAX_LENGTH = 32;

function digitsOf(value: number): number {
  if (!Number.isInteger(value)) return 3;
  const magnitude = Math.abs(value);
  let digits = value < 0 ? 2 : 1;
  // From here on the exponent is written.
  if (magnitude >= 1e21) return digits + 3;
  for (let bound = 10; magnitude >= bound; bound *= 10) digits += 1;
  return digits;
}
