import type { FleetCursor } from '@serve.zone/baseos-cloudly-handlers';

/** The end of a page as a word for a URL. */
export function formatCursor({ value, nodeId }: FleetCursor): string {
  const bytes = new TextEncoder().encode(JSON.stringify([value, nodeId]));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** `undefined` for a word that {@link formatCursor} has not made. */
export function parseCursor(word: string): FleetCursor | undefined {
  try {
    const binary = atob(word.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const parts: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (!Array.isArray(parts) || parts.length !== 2) return undefined;
    const [value, nodeId] = parts as unknown[];
    const isValue = typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));
    return isValue && typeof nodeId === 'string' ? { value, nodeId } : undefined;
  } catch {
    return undefined;
  }
}
