/**
 * What a text is as a join token of BaseOS: `bjt_<id>_<secret><checksum>`, of 11, 43 and 6 characters of base62. A Cloudly
 * may have join tokens of its own form: those are `foreign`.
 */
export type JoinTokenForm = 'well-formed' | 'mistyped' | 'node-token' | 'foreign';

const tokenPattern = /^(b[jn]t_[0-9A-Za-z]{11}_[0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;

/** Tells it from the text alone: nobody is asked. */
export function joinTokenForm(text: string): JoinTokenForm {
  if (text.startsWith('bnt_')) return 'node-token';
  if (!text.startsWith('bjt_')) return 'foreign';
  const [, unchecked = '', checksum = ''] = tokenPattern.exec(text) ?? [];
  return unchecked !== '' && checksum === base62(crc32(unchecked)) ? 'well-formed' : 'mistyped';
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECKSUM_LENGTH = 6;

function base62(value: number): string {
  let text = '';
  for (let rest = value; text.length < CHECKSUM_LENGTH; rest = Math.floor(rest / 62))
    text = ALPHABET.charAt(rest % 62) + text;
  return text;
}

/** As in zip and PNG (ISO 3309), of ASCII; Node's own came with 22.2. */
function crc32(text: string): number {
  let crc = 0xffffffff;
  for (const character of text) {
    crc ^= character.charCodeAt(0);
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
