import * as v from 'valibot';

const utcPattern =
  '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?Z$';

/**
 * An RFC 3339 instant, which comes out in UTC with `Z`, so that `Date.parse` reads it wherever it comes from. Any form of
 * the RFC is read: with an offset, in lower case, with a leap second, which counts as the second after it. Writers use UTC
 * with `Z` alone, as the strict JSON Schema says.
 */
export const instant = v.pipe(
  v.string(),
  v.metadata({ writers: { pattern: utcPattern } }),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const utc = inUtc(dataset.value);
    if (utc !== undefined) return utc;
    addIssue({ message: 'instant' });
    return NEVER;
  }),
);

const inUtc = (text: string): string | undefined => {
  if (text.length > INSTANT_MAX_LENGTH) return undefined;
  const parts = rfc3339.exec(text.toUpperCase())?.groups;
  if (!parts) return undefined;
  const { dateToMinute = '', second = '', fraction = '', offset = '' } = parts;
  const isLeapSecond = second === '60';
  const instantMs = Date.parse(`${dateToMinute}:${isLeapSecond ? '59' : second}${fraction}${offset}`);
  if (Number.isNaN(instantMs)) return undefined;
  if (offset === 'Z' && !isLeapSecond) return text.toUpperCase();
  return new Date(isLeapSecond ? Math.floor(instantMs / 1000) * 1000 + 1000 : instantMs).toISOString();
};

/** With far more digits of a second than anybody measures. */
const INSTANT_MAX_LENGTH = 128;

const rfc3339 =
  /^(?<dateToMinute>\d{4}-\d\d-\d\dT\d\d:\d\d):(?<second>\d\d)(?<fraction>\.\d+)?(?<offset>Z|[+-]\d\d:\d\d)$/;
