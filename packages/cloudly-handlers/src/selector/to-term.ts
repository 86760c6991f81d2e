import { nearestName } from '@serve.zone/baseos-command-line/nearest-name';
import type { NodeAlertKind } from '../alerts/alert-kinds.js';
import type { NodeState } from '../facts/node-facts.js';
import { versionKey } from '../facts/version-key.js';
import { labelKeyMistake, labelValueMistake } from './label-rules.js';
import { readDuration } from './selector-duration.js';
import { columnOf, type WrittenTerm, type WrittenValue } from './read-terms.js';
import { SelectorError } from './selector-error.js';
import {
  fieldCalled,
  type FieldName,
  isFieldName,
  type Operator,
  operatorsOf,
  selectorFields,
} from './selector-fields.js';
import type { Comparison, SelectorTerm, TextField, VersionField } from './selector.js';

/** The term that is written at its place of this text. */
export function toTerm(written: WrittenTerm, text: string): SelectorTerm {
  const { field, values, isNot } = written;
  const fail: Fail = (message, remedy, at = written.at) => {
    throw new SelectorError(message, { column: columnOf(text, at), remedy });
  };
  if (field === undefined) return { field: 'words', contains: single(values, fail), isNot };
  if (field.startsWith(LABEL)) return toLabelTerm(field.slice(LABEL.length), written, fail);
  const name = requireField(field, fail);
  const operator = requireOperator(name, written, fail);
  return { ...toCondition(name, operator, values, fail), isNot: isNot !== (operator === '!=') };
}

const LABEL = 'label.';

/** Nothing of the term can be used; at its beginning, unless a place is given. */
type Fail = (message: string, remedy: string, at?: number) => never;

type Condition = SelectorTerm extends infer Term ? (Term extends SelectorTerm ? Omit<Term, 'isNot'> : never) : never;

function toLabelTerm(key: string, written: WrittenTerm, fail: Fail): SelectorTerm {
  const mistake = labelKeyMistake(key);
  if (mistake !== undefined)
    fail(mistake, `Write it as ${selectorFields.label.example}, or quote it to search for the text.`);
  if (!written.operator) return { field: 'label', key, isNot: written.isNot };
  const operator = requireOperator('label', written, fail);
  for (const { text, at } of written.values) {
    const valueMistake = labelValueMistake(text);
    if (valueMistake !== undefined) fail(valueMistake, 'Correct the value.', at);
  }
  const anyOf = written.values.map(({ text }) => text);
  return { field: 'label', key, anyOf, isNot: written.isNot !== (operator === '!=') };
}

function requireField(written: string, fail: Fail): Exclude<FieldName, 'label'> {
  const name = fieldCalled(written);
  if (isFieldName(name)) {
    return name === 'label'
      ? fail('The key of the label is missing', `Write it as ${selectorFields.label.example}.`)
      : name;
  }
  const meant = nearestField(name);
  const advice = meant === undefined ? `The fields are ${fieldNames.join(', ')}.` : `Did you mean ${meant}?`;
  return fail(`There is no field ${name}`, `${advice} To search for the text, quote it.`);
}

const fieldNames = Object.keys(selectorFields);

/** Of a label, what follows the dot is its key. */
function nearestField(name: string): string | undefined {
  const [first = '', ...rest] = name.split('.');
  if (rest.length === 0) return nearestName(first, fieldNames);
  return nearestName(first, ['label']) && [LABEL.slice(0, -1), ...rest].join('.');
}

function requireOperator(name: FieldName, { operator }: WrittenTerm, fail: Fail): Operator {
  const { kind, example } = selectorFields[name];
  if (operator && operatorsOf[kind].includes(operator.text)) return operator.text;
  return fail(
    `${name} cannot be used with ${operator?.text}`,
    `Use ${operatorsOf[kind].join(' ')}, as in ${example}.`,
    operator?.at,
  );
}

function toCondition(
  name: Exclude<FieldName, 'label'>,
  operator: Operator,
  values: readonly WrittenValue[],
  fail: Fail,
): Condition {
  switch (name) {
    case 'state':
      return { field: name, anyOf: chosen(name, values, fail) as NodeState[] };
    case 'alert':
      return { field: name, anyOf: (values.length === 0 ? [] : chosen(name, values, fail)) as NodeAlertKind[] };
    case 'storage':
      return { field: name, comparison: operator as Comparison, percent: percentOf(values, fail) };
    case 'seen':
    case 'registered':
      return { field: name, comparison: operator as '<' | '>', durationMs: durationOf(values, fail) };
    default:
      if (operator === '~') return { field: name, contains: single(values, fail) };
      if (operator === '=' || operator === '!=') return { field: name, anyOf: textsOf(name, values, fail) };
      return { field: name as VersionField, comparison: operator, version: versionOf(values, fail) };
  }
}

function textsOf(name: TextField, values: readonly WrittenValue[], fail: Fail): string[] {
  const { hasOnlyValues } = selectorFields[name];
  return hasOnlyValues && values.length > 0 ? chosen(name, values, fail) : values.map(({ text }) => text);
}

/** One or several of the values that the field has. */
function chosen(name: FieldName, written: readonly WrittenValue[], fail: Fail): string[] {
  const { values = [] } = selectorFields[name];
  if (written.length === 0) fail(`Every node has a value for ${name}`, `Write one of ${values.join(', ')}.`);
  return written.map(({ text, at }) => {
    if (values.includes(text)) return text;
    const nearest = nearestName(text, values);
    const advice = nearest === undefined ? `Use ${values.join(', ')}.` : `Did you mean ${nearest}?`;
    return fail(`${name} is never ${text}`, advice, at);
  });
}

function percentOf(values: readonly WrittenValue[], fail: Fail): number {
  const text = single(values, fail);
  const percent = Number(/^(\d{1,3})%?$/.exec(text)?.[1] ?? NaN);
  return percent <= 100
    ? percent
    : fail(`${text} is no percentage`, 'Write a whole number from 0 to 100.', values[0]?.at);
}

function durationOf(values: readonly WrittenValue[], fail: Fail): number {
  const text = single(values, fail);
  const remedy = 'Write a number and its unit: 90s, 30m, 12h, 2d or 1w.';
  return readDuration(text) ?? fail(`${text} is no duration`, remedy, values[0]?.at);
}

function versionOf(values: readonly WrittenValue[], fail: Fail): string {
  const text = single(values, fail);
  return versionKey(text) === ''
    ? fail(`${text} is no version`, 'Write one such as 1.2 or 6.0.24.', values[0]?.at)
    : text;
}

function single(values: readonly WrittenValue[], fail: Fail): string {
  const [value, second] = values;
  if (!value) return fail('A value is missing', 'Write it right after the sign, without a space.');
  if (second) fail('Only one value can be compared', 'Quote a text that contains a comma.', second.at);
  return value.text;
}
