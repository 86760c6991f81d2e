import type { FleetCursor } from '@serve.zone/baseos-cloudly-handlers';
import { jsonOfWord, wordOfJson } from './word-of-json.js';

/** The end of a page as a word for a URL. */
export function formatCursor({ value, nodeId }: FleetCursor): string {
  return wordOfJson([value, nodeId]);
}

/** `undefined` for a word that {@link formatCursor} has not made. */
export function parseCursor(word: string): FleetCursor | undefined {
  const parts = jsonOfWord(word);
  if (!Array.isArray(parts) || parts.length !== 2) return undefined;
  const [value, nodeId] = parts as unknown[];
  const isValue = typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));
  return isValue && typeof nodeId === 'string' ? { value, nodeId } : undefined;
}
