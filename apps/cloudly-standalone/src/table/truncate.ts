import stringWidth from 'string-width';

/** How many columns of a terminal a text takes. */
export const textWidth = stringWidth;

const ELLIPSIS = '…';

const segmenter = new Intl.Segmenter();

/** The text in at most `width` columns: what is too long loses its middle, because names differ at both ends. */
export function truncateMiddle(text: string, width: number): string {
  return truncate(text, width, Math.floor((width - 1) / 2));
}

/** The same for a sentence, which loses its end. */
export function truncateEnd(text: string, width: number): string {
  return truncate(text, width, 0);
}

function truncate(text: string, width: number, endWidth: number): string {
  if (textWidth(text) <= width) return text;
  if (width < 1) return '';
  const characters = Array.from(segmenter.segment(text), ({ segment }) => segment);
  const start = takeWhileFits(characters, width - 1 - endWidth);
  const end = takeWhileFits(characters.toReversed(), endWidth).toReversed();
  return `${start.join('')}${ELLIPSIS}${end.join('')}`;
}

function takeWhileFits(characters: readonly string[], width: number): string[] {
  let left = width;
  const end = characters.findIndex((character) => (left -= textWidth(character)) < 0);
  return characters.slice(0, end === -1 ? characters.length : end);
}
