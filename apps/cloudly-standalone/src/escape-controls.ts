// Controls, the marks that reorder a line, and the separators that some readers take for a line break.
const controls = /[\p{Control}\p{Bidi_Control}\u2028\u2029]/gu;

/** The text on one line, with nothing in it that a terminal obeys. */
export function escapeControls(text: string): string {
  return text.replace(controls, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
