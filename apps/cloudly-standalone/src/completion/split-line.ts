/** A line up to its cursor, as a shell takes it apart. */
export interface SplitLine {
  /** The words before the one at the cursor. */
  words: string[];
  /** What there is of the word at the cursor, without quotes. */
  typed: string;
  /** The quotation mark that is still open. */
  quote: '"' | "'" | undefined;
  /** How much of the word Bash leaves as it is: it completes what follows the last of its word breaks, or the open quote. */
  kept: number;
}

/** @param breaks COMP_WORDBREAKS of Bash */
export function splitLine(line: string, breaks: string): SplitLine {
  const words: string[] = [];
  let typed: string | undefined;
  let quote: SplitLine['quote'];
  let kept = 0;
  for (let index = 0; index < line.length; index += 1) {
    const character = line[index] ?? '';
    const escapes = character === '\\' && quote !== "'";
    if (quote === character) quote = undefined;
    else if (!quote && (character === '"' || character === "'")) {
      quote = character;
      typed ??= '';
      kept = typed.length;
    } else if (!quote && /\s/.test(character)) {
      if (typed !== undefined) words.push(typed);
      [typed, kept] = [undefined, 0];
    } else {
      if (escapes) index += 1;
      typed = `${typed ?? ''}${escapes ? (line[index] ?? '') : character}`;
      if (!quote && !escapes && breaks.includes(character)) kept = typed.length;
    }
  }
  return { words, typed: typed ?? '', quote, kept };
}
