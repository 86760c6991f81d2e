/**
 * A time in a form that journalctl accepts, in microseconds since the epoch, or undefined for any other text: a date, a time
 * of day or both, `now`, `today`, `yesterday`, `tomorrow`, `@` with seconds since the epoch, and offsets such as `-90s`,
 * `+1h 5min` or `2 days ago`. The device's time zone is UTC.
 */
export function parseJournalTime(text: string, now: number): number | undefined {
  const nowUs = now * 1000;
  const midnight = Math.floor(now / dayMs) * dayMs;
  const named = { now, today: midnight, yesterday: midnight - dayMs, tomorrow: midnight + dayMs };
  if (Object.hasOwn(named, text)) return named[text as keyof typeof named] * 1000;

  const seconds = /^@(\d+(?:\.\d+)?)(?: ago)?$/.exec(text)?.[1];
  if (seconds !== undefined) return Math.round(Number(seconds) * 1_000_000);

  const distance = /^(?<sign>[+-])(?<near>.+)$|^(?<past>.+) ago$|^(?<coming>.+) left$/.exec(text)?.groups;
  if (distance) {
    const spanUs = parseSpanUs(distance['near'] ?? distance['past'] ?? distance['coming'] ?? '');
    const isPast = distance['sign'] === '-' || distance['past'] !== undefined;
    return spanUs === undefined ? undefined : nowUs + (isPast ? -spanUs : spanUs);
  }
  return parseDateUs(text, midnight);
}

function parseDateUs(text: string, midnight: number): number | undefined {
  const parts =
    /^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]* )?(?:(?<date>\d{2,4}-\d{1,2}-\d{1,2})(?:[ T]|$))?(?<time>\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d+)?)?)?(?:Z| ?UTC|[+-]00:?00)?$/i.exec(
      text,
    )?.groups;
  if (!parts || (parts['date'] === undefined && parts['time'] === undefined)) return undefined;
  const dayStart = parts['date'] === undefined ? midnight : parseDay(parts['date']);
  const [hours = 0, minutes = 0, seconds = 0] = (parts['time'] ?? '0:0').split(':').map(Number);
  if (dayStart === undefined || hours > 23 || minutes > 59 || seconds >= 60) return undefined;
  return dayStart * 1000 + Math.round((hours * 3600 + minutes * 60 + seconds) * 1_000_000);
}

function parseDay(text: string): number | undefined {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  const full = year < 100 ? 2000 + year : year;
  const at = Date.UTC(full, month - 1, day);
  const back = new Date(at);
  return back.getUTCMonth() === month - 1 && back.getUTCDate() === day ? at : undefined;
}

/** A length of time such as `5min`, `1h 30m` or `90`, which is seconds. */
function parseSpanUs(text: string): number | undefined {
  const part = /\s*(\d+(?:\.\d+)?)\s*([a-zµ]*)/giy;
  let sumUs = 0;
  while (part.lastIndex < text.trimEnd().length) {
    const found = part.exec(text.trimEnd());
    const [, amount, unit = ''] = found ?? [];
    const unitUs = unitsUs[unit];
    if (amount === undefined || unitUs === undefined) return undefined;
    sumUs += Number(amount) * unitUs;
  }
  return text.trim() === '' ? undefined : Math.round(sumUs);
}

const dayMs = 86_400_000;
const secondUs = 1_000_000;

const unitsUs: Readonly<Record<string, number>> = Object.fromEntries(
  (
    [
      [1, 'usec us µs'],
      [1000, 'msec ms'],
      [secondUs, ' seconds second sec s'],
      [60 * secondUs, 'minutes minute min m'],
      [3600 * secondUs, 'hours hour hr h'],
      [86_400 * secondUs, 'days day d'],
      [7 * 86_400 * secondUs, 'weeks week w'],
      [2_629_800 * secondUs, 'months month M'],
      [31_557_600 * secondUs, 'years year y'],
    ] as const
  ).flatMap(([us, names]) => names.split(' ').map((name) => [name, us] as const)),
);
