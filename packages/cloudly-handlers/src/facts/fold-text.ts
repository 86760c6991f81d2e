/**
 * A text as it is compared, searched and sorted: however it was typed, and in whichever case. Equal texts stay equal, and
 * folding twice changes nothing.
 */
export function foldText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll('ς', 'σ').normalize('NFKC');
}
