/** Defined by the build; absent in a program that runs from its sources. */
declare const BASEOS_OWN_WORDS: string | undefined;

/**
 * Every word in the sources of this program. Any other word comes from elsewhere: a name, a secret, another program's
 * text.
 */
export const ownWords: ReadonlySet<string> = new Set(
  typeof BASEOS_OWN_WORDS === 'string' ? BASEOS_OWN_WORDS.split(' ') : [],
);
