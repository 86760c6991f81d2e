/** A part of a statement with the values in it, so that what somebody has typed is never part of the text. */
export interface Sql {
  /** One more than values: what stands before, between and after them. */
  texts: readonly string[];
  values: readonly SqlValue[];
}

export type SqlValue = string | number;

export interface SqlStatement {
  text: string;
  values: SqlValue[];
}

/** Makes a part of a statement. What is inserted is another part, or a value. */
export function sql(texts: TemplateStringsArray, ...inserted: readonly (Sql | SqlValue)[]): Sql {
  const parts = texts.flatMap((text, index) => {
    const next = inserted[index];
    return next === undefined ? [raw(text)] : [raw(text), partOf(next)];
  });
  return concat(parts);
}

/** A part as it is written in this package: never what came from outside. */
export function raw(text: string): Sql {
  return { texts: [text], values: [] };
}

/** Columns of a table, by their names with commas. */
export function columnsOf(table: string, names: string): Sql {
  const columns = names.split(', ').map((name) => `${table}.${name}`);
  return raw(columns.join(', '));
}

export function joined(parts: readonly Sql[], separator: string): Sql {
  return concat(parts.flatMap((part, index) => (index === 0 ? [part] : [raw(separator), part])));
}

/** The values as a list with commas. */
export function valueList(values: readonly SqlValue[]): Sql {
  return joined(values.map(partOf), ', ');
}

/** The whole statement. A placeholder has the number of its value, from 1. */
export function statementOf({ texts, values }: Sql, placeholder: (number: number) => string): SqlStatement {
  return {
    text: texts.map((text, index) => (index === 0 ? text : placeholder(index) + text)).join(''),
    values: [...values],
  };
}

function partOf(inserted: Sql | SqlValue): Sql {
  return typeof inserted === 'object' ? inserted : { texts: ['', ''], values: [inserted] };
}

function concat(parts: readonly Sql[]): Sql {
  const texts = [''];
  for (const part of parts) {
    const [first = '', ...rest] = part.texts;
    texts.push((texts.pop() ?? '') + first, ...rest);
  }
  return { texts, values: parts.flatMap(({ values }) => values) };
}
