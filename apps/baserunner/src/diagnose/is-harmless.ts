import { bare, isPlainWord } from './words.js';

/** Whether a word is not personal: a word of the program, a number, a version, a time, a code of the system. */
export function isHarmless(word: string, ownWords: ReadonlySet<string>): boolean {
  const plain = bare(word);
  if (plain === '') return true;
  return (isPlainWord(plain) && ownWords.has(plain)) || forms.some((form) => form.test(plain)) || isCode(word);
}

/** Serial numbers and telephone numbers are longer than any of these. */
const forms: readonly RegExp[] = [
  /^-?\d{1,6}(?:\.\d{1,3})?(?:%|ms|s|m|h|d|b|kb|mb|gb|kib|mib|gib)?$/,
  /^v?\d{1,4}(?:\.\d{1,5}){1,2}(?:[-+](?:alpha|beta|rc|rev|dev|next)?[.\d]{0,6})?$/,
  /^(?:x64|ia32|arm|arm64|riscv64|ppc64|s390x|linux|darwin|win32)$/,
  /^(?:raspberry-?pi\d?(?:-64)?|intel-nuc|generic-(?:amd64|aarch64|x86-64-ext)|genericx86-64(?:-ext)?|beaglebone-black)$/,
];

/** The error codes of Node and OpenSSL. */
const codePrefixes = /^(?:ERR|CERT|CRL|UNABLE|DEPTH|SELF|HPE|UND|EAI|INVALID|HOSTNAME)_[A-Z_]{2,48}$/;

function isCode(word: string): boolean {
  const code = word.replace(/^[.'’+-]+|[.'’+-]+$/gu, '');
  return Object.hasOwn(process.getBuiltinModule('node:os').constants.errno, code) || codePrefixes.test(code);
}
