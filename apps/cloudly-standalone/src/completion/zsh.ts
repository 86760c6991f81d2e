import type { Completion } from './completion.js';

/** The lines that zsh reads: the kind, and then each word with what it means. */
export function linesForZsh({ kind, words }: Completion): string[] {
  return [kind, ...words.map(({ name, description }) => describeWord(name, description))];
}

function describeWord(name: string, description: string): string {
  const word = name.replaceAll(/[\\:]/g, String.raw`\$&`);
  return description === '' ? word : `${word}:${description}`;
}

/** Teaches zsh to complete these names of the program. */
export function zshScript(names: readonly string[], command: string): string {
  return `_cloudly_standalone() {
  local -a lines
  lines=("\${(@f)$(${command} zsh "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}")
  local kind=$lines[1]
  shift lines
  case $kind in
    files) _files ;;
    open) _describe 'value' lines -S '' ;;
    words) _describe 'value' lines ;;
  esac
}
compdef _cloudly_standalone ${names.join(' ')}
`;
}
