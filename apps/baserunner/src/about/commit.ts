/** Defined by the build; absent in a program that runs from its sources. */
declare const BASEOS_COMMIT: string | undefined;

/** The commit that this program was built from, with `-dirty` at its end if files were changed; `unknown` outside Git. */
export const commit: string = typeof BASEOS_COMMIT === 'string' ? BASEOS_COMMIT : 'unknown';
