import { operatorsOf, selectorFields } from '@serve.zone/baseos-cloudly-handlers';
import type { ListedName } from '@serve.zone/baseos-command-line';

/** How the last term of a selector may go on: with a field, or with a value of a field that has few. */
export function selectorWords(typed: string): ListedName[] {
  const [before = '', term = ''] = splitTerm(typed);
  const [, name, operator = '', listed = ''] = /^([a-z-]+)(!=|[:=])((?:[^,]*,)*)[^,]*$/.exec(term) ?? [];
  const fields = Object.entries(selectorFields);
  if (name === undefined) {
    return fields.map(([field, { kind, what }]) => {
      const [next] = kind === 'label' ? ['.'] : operatorsOf[kind];
      return { name: `${before}${field}${next}`, description: what };
    });
  }
  return fields.flatMap(([field, { values = [], what }]) =>
    field === name
      ? values.map((value) => ({ name: `${before}${name}${operator}${listed}${value}`, description: what }))
      : [],
  );
}

/** The last term without the sign of its opposite, and all before it. */
function splitTerm(typed: string): string[] {
  const start = typed.lastIndexOf(' ') + 1;
  const isNot = typed[start] === '-';
  return [typed.slice(0, start + (isNot ? 1 : 0)), typed.slice(start + (isNot ? 1 : 0))];
}
