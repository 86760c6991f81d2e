import { UsageError } from './usage-error.js';

/** @throws UsageError that names the flag, what is expected and what was given. */
export function readWholeNumber(flag: string, text: string, { min, max }: { min: number; max: number }): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`${flag} must be a whole number from ${min} to ${max}, but is "${text}".`);
}
