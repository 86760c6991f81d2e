const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH = `(?<month>${MONTHS.join('|')})`;
const TIME = '(?<hour>\\d{2}):(?<minute>\\d{2}):(?<second>\\d{2})';

/** The one form that is still written, and the two that a recipient has to know nevertheless. */
const FORMS = [
  // Sun, 06 Nov 1994 08:49:37 GMT
  new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?<day>\\d{2}) ${MONTH} (?<year>\\d{4}) ${TIME} GMT$`),
  // Sunday, 06-Nov-94 08:49:37 GMT
  new RegExp(`^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?<day>\\d{2})-${MONTH}-(?<year>\\d{2}) ${TIME} GMT$`),
  // Sun Nov  6 08:49:37 1994
  new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ${MONTH} (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})$`),
];

/**
 * An HTTP-date as milliseconds since 1970, or `undefined` for what is none (RFC 9110, 5.6.7). Stricter than `Date.parse`,
 * which takes `12` for a date.
 */
export function parseHttpDate(text: string): number | undefined {
  for (const form of FORMS) {
    const fields = form.exec(text)?.groups;
    if (fields) return toEpochMs(fields);
  }
  return undefined;
}

function toEpochMs(fields: Record<string, string>): number | undefined {
  const numberOf = (field: string): number => Number(fields[field]);
  const month = MONTHS.indexOf(fields['month'] ?? '');
  const day = numberOf('day');
  const year = fourDigits(fields['year'] ?? '');
  const [hour, minute, second] = [numberOf('hour'), numberOf('minute'), numberOf('second')];
  // 60 is a leap second.
  if (hour > 23 || minute > 59 || second > 60) return undefined;

  // Date.UTC takes the years 0 to 99 for 1900 to 1999, and rolls 31 February over into March.
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  if (date.getUTCMonth() !== month || date.getUTCDate() !== day) return undefined;
  return date.setUTCHours(hour, minute, second);
}

/** Two digits are of the century that HTTP lives in: 70 and later 19xx, others 20xx. */
function fourDigits(year: string): number {
  if (year.length === 4) return Number(year);
  return Number(year) + (Number(year) < 70 ? 2000 : 1900);
}
