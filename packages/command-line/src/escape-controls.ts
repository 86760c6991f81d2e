// Control characters, the separators that some readers treat as a line break, and the marks that reorder a line.
const controls = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * The text on one line, without control characters for a terminal: text from elsewhere cannot forge a line of the log.
 * In a JSON text, the meaning stays the same.
 */
export function escapeControls(text: string): string {
  return text.replace(
    controls,
    (character) => short[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
