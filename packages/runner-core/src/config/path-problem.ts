import { isAbsolute, sep } from 'node:path';
import { hasTokenPrefix } from './may-be-secret.js';
import { pasteSlips } from './paste-slips.js';

/**
 * What is wrong with the path that a variable names: a clause that follows "which", without anything of the value in it.
 * A path with remnants of a shell, a compose file or an editor is also a valid path, but another one: the agent would
 * start there as a new node.
 */
export function pathProblem(text: string): string | undefined {
  const { clauses } = pasteSlips(text);
  if (clauses.length > 0) return clauses.join(' and ');
  if (hasTokenPrefix(text)) return 'contains a token';
  return (
    slips.find(({ pattern }) => pattern.test(text))?.clause ??
    (isAbsolute(text) ? undefined : 'is not an absolute path')
  );
}

const slips: readonly { pattern: RegExp; clause: string }[] = [
  { pattern: /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u, clause: 'contains a line break or another control character' },
  { pattern: /\uFFFD/u, clause: 'contains bytes that are not UTF-8' },
  { pattern: /^[a-z][a-z\d+.-]+:(?:\/|$)/i, clause: 'is a URL, not a path' },
  { pattern: /^~/, clause: 'begins with ~, which only a shell replaces' },
  { pattern: /\$[\w{(]|\{\{|%\w+%/, clause: 'contains a variable that was not replaced' },
  { pattern: /%[\da-f]{2}/i, clause: 'is encoded as in a URL (%)' },
  { pattern: /\s#/, clause: 'has a comment at its end' },
  { pattern: /[,;:]$/, clause: 'ends with a separator' },
  ...(sep === '/' ? [{ pattern: /\\/, clause: 'contains a backslash' }] : []),
];
