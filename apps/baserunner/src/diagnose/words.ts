const wordPattern = /[\p{L}\p{M}\p{N}_.'’@%+-]+/gu;

/**
 * File names and labels of the program's own may have a dot in them; any other word with a dot may be the name of a
 * host.
 */
const dotted = /^[\w-]+\.(?:jsonl?|txt|gz|ya?ml|pem|crt|lock|sock|js)$|^io\.balena\./;

/** The words of a text, in lower case, without the characters around them. */
export function wordsIn(text: string): string[] {
  return Array.from(text.matchAll(wordPattern), ([found]) => bare(found));
}

/** A word without the punctuation at its ends. */
export function bare(word: string): string {
  return word.replace(/^[.'’+-]+|[.'’+-]+$/gu, '').toLowerCase();
}

/** Whether a word may count as a word of the program itself. */
export function isPlainWord(word: string): boolean {
  return word.length <= 48 && /\p{L}/u.test(word) && !/[@%]/.test(word) && (!word.includes('.') || dotted.test(word));
}
