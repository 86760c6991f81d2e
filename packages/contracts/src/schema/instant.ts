import * as v from 'valibot';

const day = '(?:0[1-9]|[12][0-9])';
const monthAndDay = `(?:(?:0[13578]|1[02])-(?:${day}|3[01])|(?:0[469]|11)-(?:${day}|30)|02-${day})`;
const date = `[0-9]{4}-${monthAndDay}`;
const minutes = '(?:[01][0-9]|2[0-3]):[0-5][0-9]';

/** To the minute, seconds, fraction, offset. */
const rfc3339 = new RegExp(`^(${date}[Tt]${minutes}):([0-5][0-9]|60)(\\.[0-9]+)?([Zz]|[+-]${minutes})$`);

const utcPattern: string = `^${date}T${minutes}:[0-5][0-9](?:\\.[0-9]{1,9})?Z$`;

/** With far more digits of a second than anyone measures. */
const INSTANT_MAX_LENGTH = 128;

/**
 * An RFC 3339 instant, which comes out in UTC with `Z`, so that `Date.parse` reads it wherever it comes from. Any form of
 * the RFC is read: with an offset, in lower case, with a leap second, which counts as the second after it. Writers use UTC
 * with `Z` alone, as the strict JSON Schema says.
 */
export const instant = v.pipe(
  v.string(),
  v.maxLength(INSTANT_MAX_LENGTH, 'instant'),
  v.regex(rfc3339, 'instant'),
  v.metadata({ writers: { pattern: utcPattern } }),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const utc = inUtc(dataset.value);
    if (utc !== undefined) return utc;
    addIssue({ message: 'instant' });
    return NEVER;
  }),
);

/** `undefined` for 29 February of a year that has none, where the runtime does not take it for 1 March. */
function inUtc(text: string): string | undefined {
  const [, toMinute = '', second = '', fraction = '', offset = ''] = rfc3339.exec(text.toUpperCase()) ?? [];
  const isLeapSecond = second === '60';
  const instantMs = Date.parse(`${toMinute}:${isLeapSecond ? '59' : second}${fraction}${offset}`);
  if (Number.isNaN(instantMs)) return undefined;
  if (offset === 'Z' && !isLeapSecond) return text.toUpperCase();
  return new Date(isLeapSecond ? Math.floor(instantMs / 1000) * 1000 + 1000 : instantMs).toISOString();
}
