import { type FleetSort, formatSort, parseSort, sortKeys } from '@serve.zone/baseos-cloudly-handlers';
import { UsageError } from '@serve.zone/baseos-command-line';
import { nearestName } from '@serve.zone/baseos-command-line/nearest-name';

/** Of every command that is about the nodes which a selector matches. */
export const selectorFlag = {
  type: 'positional',
  required: false,
  isRepeated: true,
  called: 'a selector',
  offers: 'selector',
  description: 'Which nodes, such as state:offline label.shop=a -label.canary free words (default: all)',
} as const;

/** Words of a command line as one selector. */
export function joinSelector(words: readonly string[]): string {
  return words.join(' ');
}

export const sortFlag = {
  type: 'string',
  valueHint: 'key',
  offers: [...sortKeys, ...sortKeys.map((key) => `-${key}`)],
  description: `The order: ${sortKeys.join(', ')}; with - before it from the end (default: name)`,
} as const;

/** @throws UsageError for an order that there is not. */
export function readSort(typed: string): FleetSort {
  const sort = parseSort(typed);
  if (sort) return sort;
  const isDescending = typed.startsWith('-');
  const by = nearestName(isDescending ? typed.slice(1) : typed, sortKeys);
  const hint =
    by === undefined
      ? `There are: ${sortKeys.join(', ')}.`
      : `Did you mean "${formatSort({ by: by as FleetSort['by'], isDescending })}"?`;
  throw new UsageError(`There is no order "${typed}". ${hint}`);
}
