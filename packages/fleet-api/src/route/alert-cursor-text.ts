import type { AlertCursor } from '@serve.zone/baseos-cloudly-handlers';
import { jsonOfWord, wordOfJson } from './word-of-json.js';

/** The end of a page of alerts as a word for a URL. */
export function formatAlertCursor({ rank, sinceMs, id }: AlertCursor): string {
  return wordOfJson([rank, sinceMs, id]);
}

/** `undefined` for a word that {@link formatAlertCursor} has not made. */
export function parseAlertCursor(word: string): AlertCursor | undefined {
  const parts = jsonOfWord(word);
  if (!Array.isArray(parts) || parts.length !== 3) return undefined;
  const [rank, sinceMs, id] = parts as unknown[];
  const isPlace = Number.isSafeInteger(rank) && Number.isSafeInteger(sinceMs) && typeof id === 'string';
  return isPlace ? { rank: rank as number, sinceMs: sinceMs as number, id } : undefined;
}
