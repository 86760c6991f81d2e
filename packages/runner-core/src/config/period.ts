import type { ParseValue } from './parse-value.js';

/** A length of time as it was written. */
export interface Period {
  durationMs: number;
  text: string;
}

const hourMs = 60 * 60_000;

/** Days or hours, such as `30d`, or 0. */
export const period: ParseValue<Period> = (text) => {
  if (/^0+[dh]?$/i.test(text)) return { ok: true, value: { durationMs: 0, text: '0' } };
  const [, number, unit] = /^(\d{1,4})([dh])$/i.exec(text) ?? [];
  if (number === undefined || unit === undefined) return { ok: false, problem: 'which is no such length of time' };
  const isDays = unit.toLowerCase() === 'd';
  return { ok: true, value: { durationMs: Number(number) * (isDays ? 24 : 1) * hourMs, text: text.toLowerCase() } };
};

/** As it was written. */
export function showPeriod({ text }: Period): string {
  return text;
}
