/** Defined by the build; absent in a program that runs from its sources. */
declare const BASEOS_BUILT_ON: string | undefined;

/** The day on which this program was built, as milliseconds since 1970: no clock that is right is before it. */
export const builtMs: number | undefined =
  typeof BASEOS_BUILT_ON === 'string' ? Date.parse(BASEOS_BUILT_ON) : undefined;
