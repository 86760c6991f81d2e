const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH = `(?<month>${MONTHS.join('|')})`;
const TIME = '(?<hour>\\d{2}):(?<minute>\\d{2}):(?<second>\\d{2})';

/** The current form, and the two obsolete ones that a recipient must still accept. */
const FORMS = [
  // Sun, 06 Nov 1994 08:49:37 GMT
  new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?<day>\\d{2}) ${MONTH} (?<year>\\d{4}) ${TIME} GMT$`),
  // Sunday, 06-Nov-94 08:49:37 GMT
  new RegExp(`^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?<day>\\d{2})-${MONTH}-(?<year>\\d{2}) ${TIME} GMT$`),
  // Sun Nov  6 08:49:37 1994
  new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ${MONTH} (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})$`),
];

/**
 * An HTTP-date as milliseconds since 1970; `undefined` if the text is not one (RFC 9110, 5.6.7). Stricter than `Date.parse`,
 * which accepts `12` as a date.
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

  // Date.UTC treats the years 0 to 99 as 1900 to 1999, and turns 31 February into a day in March.
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  if (date.getUTCMonth() !== month || date.getUTCDate() !== day) return undefined;
  return date.setUTCHours(hour, minute, second);
}

/** Two digits mean 19xx from 70 on, otherwise 20xx. */
function fourDigits(year: string): number {
  if (year.length === 4) return Number(year);
  return Number(year) + (Number(year) < 70 ? 2000 : 1900);
}
