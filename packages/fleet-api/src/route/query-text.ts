import type * as v from 'valibot';

type QueryValue = string | number | boolean | readonly string[] | undefined;

type Form = 'text' | 'number' | 'flag' | 'list';

/** The parameters of a URL for the values of a query; those that are absent are left out. */
export function formatQuery(query: Readonly<Record<string, QueryValue>> = {}): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, typeof value === 'object' ? value.join(',') : String(value));
  }
  return parameters;
}

/** The values of a query, as far as each text is one of its kind; its schema judges them. A name that comes twice has no value. */
export function parseQuery(parameters: URLSearchParams, entries: v.ObjectEntries): Record<string, unknown> {
  const names = new Set(parameters.keys());
  return Object.fromEntries(
    [...names].map((name) => {
      const [text = '', ...others] = parameters.getAll(name);
      const schema = Object.hasOwn(entries, name) ? entries[name] : undefined;
      return [name, others.length > 0 ? null : parseText(text, schema ? formOf(schema) : 'text')];
    }),
  );
}

function parseText(text: string, form: Form): unknown {
  if (form === 'list') return text === '' ? [] : text.split(',');
  if (form === 'number') return /^-?\d{1,16}$/.test(text) ? Number(text) : text;
  if (form === 'flag') return text === 'true' || (text === 'false' ? false : text);
  return text;
}

/** The parts of a schema that wrap another. */
interface SchemaPart {
  type: string;
  wrapped?: SchemaPart;
}

/** What kind of text a schema takes. */
export function formOf({ type, wrapped }: SchemaPart): Form {
  if (wrapped) return formOf(wrapped);
  return forms[type] ?? 'text';
}

const forms: Readonly<Record<string, Form>> = { number: 'number', boolean: 'flag', array: 'list' };
