/** Put in by the build; a program that runs from its sources does not know them. */
declare const BASEOS_OWN_WORDS: string | undefined;

/**
 * Every word that stands in the sources of this program. What a device tells of in other words comes from somewhere else: a
 * name, a secret, another program's text.
 */
export const ownWords: ReadonlySet<string> = new Set(
  typeof BASEOS_OWN_WORDS === 'string' ? BASEOS_OWN_WORDS.split(' ') : [],
);
