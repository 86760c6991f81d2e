import { operatorsOf, selectorFields, type ValueCount } from '@serve.zone/baseos-cloudly-handlers';

export interface Suggestion {
  /** In the place of what is typed. */
  text: string;
  what: string;
  count?: number | undefined;
}

export interface Completion {
  /** Which part of the text a suggestion takes the place of. */
  from: number;
  to: number;
  suggestions: readonly Suggestion[];
  /** The field whose values are asked for: `commit`, or `label.site`. */
  valuesOf?: string | undefined;
}

const SHOWN_MAX = 8;

/** What the word at the caret could become. */
export function completeSelector(
  text: string,
  caret: number,
  { labelKeys, values }: { labelKeys: readonly ValueCount[]; values: readonly ValueCount[] },
): Completion {
  const from = /(?:^|\s)-?(?=\S*$)/.exec(text.slice(0, caret));
  const start = from ? from.index + from[0].length : caret;
  const end = caret + (/^\S*/.exec(text.slice(caret))?.[0].length ?? 0);
  const word = text.slice(start, caret);
  const term = /^([A-Za-z][\w./-]*)(!=|<=|>=|[:=~<>])(.*)$/s.exec(word);
  if (!term) return { from: start, to: end, suggestions: fieldsLike(word, labelKeys) };
  const [, field = '', operator = '', typed = ''] = term;
  const valueStart = start + field.length + operator.length + typed.lastIndexOf(',') + 1;
  const begun = text.slice(valueStart, caret).replace(/^"/, '').toLowerCase();
  const found = knownValues(field, values).filter(({ value }) => value !== '' && value.toLowerCase().startsWith(begun));
  return {
    from: valueStart,
    to: end,
    valuesOf: field,
    suggestions: found.slice(0, SHOWN_MAX).map(({ value, count }) => ({ text: quote(value), what: '', count })),
  };
}

function fieldsLike(word: string, labelKeys: readonly ValueCount[]): Suggestion[] {
  const typed = word.toLowerCase();
  const fields = Object.entries(selectorFields).filter(([name]) => name !== 'label' && name.startsWith(typed));
  const suggestions: Suggestion[] = [];
  for (const [name, { what, kind }] of fields) {
    suggestions.push({ text: `${name}${kind === 'choice' ? ':' : (operatorsOf[kind][0] ?? '=')}`, what });
  }
  const [only, ...others] = fields;
  if (only && others.length === 0) {
    for (const value of only[1].values ?? []) suggestions.push({ text: `${only[0]}:${value}`, what: only[1].what });
  }
  for (const { value: key, count } of labelKeys) {
    const isMeant = `label.${key}`.startsWith(typed) || (typed !== '' && key.toLowerCase().startsWith(typed));
    if (isMeant) suggestions.push({ text: `label.${key}=`, what: 'a label', count });
  }
  return suggestions.slice(0, SHOWN_MAX);
}

function knownValues(
  field: string,
  values: readonly ValueCount[],
): readonly (Omit<ValueCount, 'count'> & { count?: number })[] {
  if (values.length > 0) return values;
  const known = Object.entries(selectorFields).find(([name]) => name === field);
  return known?.[1].values?.map((value) => ({ value })) ?? [];
}

function quote(value: string): string {
  return /[\s",]/.test(value) ? `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"` : value;
}
