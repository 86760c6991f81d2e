import type { Operator } from './selector-fields.js';
import { SelectorError } from './selector-error.js';

/** A term as it is written, before its field is looked up. */
export interface WrittenTerm {
  /** Where it begins. */
  at: number;
  isNot: boolean;
  /** With the `label.` of a label. Absent: the term is a text to search, its only value. */
  field?: string;
  /** Absent: a text to search, or the label alone. */
  operator?: { text: Operator; at: number };
  values: readonly WrittenValue[];
}

export interface WrittenValue {
  text: string;
  at: number;
}

/** Reads the terms of a selector one after the other, separated by spaces. */
export function readTerms(text: string): WrittenTerm[] {
  const terms: WrittenTerm[] = [];
  const reader = { text, at: 0 };
  for (take(reader, spaces); reader.at < text.length; take(reader, spaces)) terms.push(readTerm(reader));
  return terms;
}

/** The column of a place in the text, for people: the first character is 1. */
export function columnOf(text: string, at: number): number {
  return Array.from(text.slice(0, at)).length + 1;
}

interface Reader {
  text: string;
  at: number;
}

const spaces = /\s*/uy;
const label = /label\.[^\s"=:!<>~,]*/uy;
/** What comes before an operator; `Hello!` is a text. */
const fieldName = /[A-Za-z][\w.-]*(?=!?[=:<>~])/uy;
const anyOperator = /[!<>]?=|![<>~:]|[<>~:]/uy;
const quoted = /"(?:[^"\\]|\\["\\])*"/uy;
const bareValue = /[^\s",]+/uy;
const bareWord = /[^\s"]+/uy;
const end = /(?=\s|$)/uy;

function readTerm(reader: Reader): WrittenTerm {
  const { at } = reader;
  const isNot = take(reader, /-/uy) === '-';
  const labelKey = take(reader, label);
  const field = labelKey ?? take(reader, fieldName);
  if (field === undefined) return { at, isNot, values: [readWord(reader)] };
  const operatorAt = reader.at;
  const operator = take(reader, anyOperator);
  if (operator === undefined) {
    requireEnd(reader);
    return { at, isNot, field, values: [] };
  }
  return {
    at,
    isNot,
    field,
    operator: { text: toOperator(operator, reader, operatorAt), at: operatorAt },
    values: readValues(reader),
  };
}

function toOperator(written: string, reader: Reader, at: number): Operator {
  if (written === ':') return '=';
  if (written === '!=' || !written.startsWith('!')) return written as Operator;
  const remedy = `Write "-" before the term and ${written.slice(1)} in it for the opposite.`;
  throw new SelectorError(`There is no operator ${written}`, { column: columnOf(reader.text, at), remedy });
}

function readWord(reader: Reader): WrittenValue {
  const { at } = reader;
  const word = readQuoted(reader) ?? take(reader, bareWord);
  if (word === undefined || word === '') {
    throw failure(reader, at, 'A term is empty', 'Write what to search, or remove the sign.');
  }
  requireEnd(reader);
  const isOperator = reader.text[at] !== '"' && /^(?:AND|OR|NOT|&&|\|\|)$/u.test(word);
  if (!isOperator) return { text: word, at };
  const remedy =
    'All terms must match. Write several values with commas, "-" before a term for the opposite, or quote a word to search for it.';
  throw failure(reader, at, `There is no ${word} in selectors`, remedy);
}

/** None right before the end of the term. */
function readValues(reader: Reader): WrittenValue[] {
  if (take(reader, end) !== undefined) return [];
  const values: WrittenValue[] = [];
  do {
    const { at } = reader;
    const value = readQuoted(reader) ?? take(reader, bareValue);
    if (value === undefined || value === '') {
      throw failure(
        reader,
        at,
        'A value is missing',
        'Write a value on both sides of each comma, and none in empty quotes.',
      );
    }
    values.push({ text: value, at });
  } while (take(reader, /,/uy) !== undefined);
  requireEnd(reader);
  return values;
}

function readQuoted(reader: Reader): string | undefined {
  if (reader.text[reader.at] !== '"') return undefined;
  const { at } = reader;
  const text = take(reader, quoted);
  if (text !== undefined) return text.slice(1, -1).replaceAll(/\\(["\\])/gu, '$1');
  const remedy = 'Add the closing quote. Within quotes, write \\" for a quote and \\\\ for a backslash.';
  throw failure(reader, at, 'A quoted text does not end', remedy);
}

function requireEnd(reader: Reader): void {
  if (take(reader, end) !== undefined) return;
  throw failure(
    reader,
    reader.at,
    `Unexpected ${reader.text.slice(reader.at, reader.at + 1)}`,
    'Separate terms by spaces, and quote a text as a whole.',
  );
}

function failure({ text }: Reader, at: number, message: string, remedy: string): SelectorError {
  return new SelectorError(message, { column: columnOf(text, at), remedy });
}

/** What the pattern matches at the reader's place, after which it goes on. */
function take(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.at;
  const [match] = pattern.exec(reader.text) ?? [];
  if (match !== undefined) reader.at += match.length;
  return match;
}
