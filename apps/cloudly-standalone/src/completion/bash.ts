import type { Completion } from './completion.js';
import type { SplitLine } from './split-line.js';

/** The lines that Bash reads: the kind, and then each word as it is to stand in the line from the cursor's word break on. */
export function linesForBash({ kind, words }: Completion, { quote, kept }: SplitLine): string[] {
  const left = words.map(({ name }) => name.slice(kept));
  return [kind, ...left.map((word) => quoteForBash(word, quote))];
}

function quoteForBash(word: string, quote: SplitLine['quote']): string {
  if (quote === "'") return word.replaceAll("'", String.raw`'\''`);
  return word.replaceAll(quote === '"' ? /["$`\\]/g : /[^\p{L}\p{N}_@%+=:,./-]/gu, String.raw`\$&`);
}

/** Teaches Bash to complete these names of the program. */
export function bashScript(names: readonly string[], command: string): string {
  return `_cloudly_standalone() {
  local line kind=
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ -z $kind ]]; then kind=$line; else COMPREPLY+=("$line"); fi
  done < <(${command} bash "\${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null)
  case $kind in
    files) compopt -o default ;;
    open) compopt -o nospace ;;
  esac
}
complete -F _cloudly_standalone ${names.join(' ')}
`;
}
