import { formatDuration } from './selector-duration.js';
import type { Scope, Selector, SelectorTerm } from './selector.js';

/** The text of a selector: `parseSelector` makes the same selector of it. */
export function formatSelector({ terms }: Selector): string {
  return terms.map(formatTerm).join(' ');
}

/** The text of a scope: `parseScope` makes the same scope of it. */
export function formatScope(scope: Scope): string {
  return formatSelector(scope);
}

function formatTerm(term: SelectorTerm): string {
  return `${term.isNot ? '-' : ''}${formatCondition(term)}`;
}

function formatCondition(term: SelectorTerm): string {
  if (term.field === 'words') return quotedUnless(plainWord, term.contains);
  if (term.field === 'label') return `label.${term.key}${term.anyOf ? `=${listOf(term.anyOf)}` : ''}`;
  if ('anyOf' in term) return `${term.field}=${listOf(term.anyOf)}`;
  if ('contains' in term) return `${term.field}~${quotedUnless(plainValue, term.contains)}`;
  return `${term.field}${term.comparison}${comparedTo(term)}`;
}

type ComparisonTerm = Extract<SelectorTerm, { comparison: string }>;

function comparedTo(term: ComparisonTerm): string {
  if ('version' in term) return quotedUnless(plainValue, term.version);
  return 'percent' in term ? String(term.percent) : formatDuration(term.durationMs);
}

function listOf(values: readonly string[]): string {
  return values.map((value) => quotedUnless(plainValue, value)).join(',');
}

/** Cannot be taken for anything else. */
const plainValue = /^[\p{L}\p{N}._/+-]+$/u;
const plainWord = /^(?!AND$|OR$|NOT$|label\.)[\p{L}\p{N}._][\p{L}\p{N}._/+-]*$/u;

function quotedUnless(plain: RegExp, text: string): string {
  return plain.test(text) ? text : `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
