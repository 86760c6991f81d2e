import { convertSchema } from './convert-schema.mjs';
import { publishedMessages } from './published-messages.mjs';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/**
 * The two sets of JSON Schemas, by file name: `strict` for writers, `tolerant` for readers. Each schema contains
 * everything that it refers to in its own `$defs`.
 *
 * @param contracts what the package exports
 * @param placeOf gives the docstrings of an export, from `readDocstrings`
 */
export function jsonSchemas(contracts, placeOf) {
  const schemaOf = (mode, name, { source, title }) => {
    const definitions = {};
    const converted = jsonSchemaOf(contracts, placeOf, source, {
      mode,
      reference: referencesInto(contracts, placeOf, {
        mode,
        definitions,
        referenceTo: (definition) => `#/$defs/${definition}`,
      }),
    });
    return {
      $schema: DIALECT,
      $id: `https://serve.zone/baseos/protocol-${contracts.PROTOCOL_VERSION}/${mode}/${name}.json`,
      title,
      $comment: comments[mode],
      ...converted,
      ...(Object.keys(definitions).length > 0 && { $defs: definitions }),
    };
  };
  const setOf = (mode, messages) =>
    Object.fromEntries(messages.map(([name, message]) => [name, schemaOf(mode, name, message)]));

  const messages = Object.entries(publishedMessages);
  return {
    strict: setOf(
      'strict',
      messages.filter(([, { isOnlyRead }]) => !isOnlyRead),
    ),
    tolerant: setOf('tolerant', messages),
  };
}

const comments = {
  strict: 'For writers: what a message of this version may say. Readers take more; they use the tolerant schema.',
  tolerant:
    'For readers: what a message of any version may say. Where anyOf ends in {}, the first part says which value is used; any other counts as absent, or is dropped from its list.',
};

/**
 * One schema that the package exports, with its docstring as its description.
 *
 * @param reference from `referencesInto`
 */
export function jsonSchemaOf(contracts, placeOf, source, { mode, reference }) {
  const place = placeOf(source);
  if (!place.docstring) throw new TypeError(`${source} has no docstring, which is its description`);
  const converted = convertSchema(contracts[source], place, { mode, reference, limits: contracts.limits });
  const further = mode === 'strict' && source === 'problemSchema' ? { allOf: rulesOfProblems(contracts) } : {};
  return { description: place.docstring, ...converted, ...further };
}

/** Refers to what the package exports by its name, and collects each that is referred to in `definitions`. */
export function referencesInto(contracts, placeOf, { mode, definitions, referenceTo }) {
  const sources = new Map(
    Object.entries(contracts)
      .filter(([name]) => name.endsWith('Schema'))
      .map(([name, schema]) => [schema, name]),
  );
  const reference = (schema) => {
    const source = sources.get(schema);
    if (!source) return undefined;
    const name = source.replace(/Schema$/, '');
    if (!(name in definitions)) {
      // A placeholder while its references are collected.
      definitions[name] = undefined;
      definitions[name] = jsonSchemaOf(contracts, placeOf, source, { mode, reference });
    }
    return { $ref: referenceTo(name) };
  };
  return reference;
}

/** What the code of a problem requires of its other members. */
function rulesOfProblems({ problems }) {
  return Object.entries(problems).map(([code, { status }]) => {
    const needed = neededWith[code] ?? {};
    return {
      if: { properties: { code: { const: code } } },
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
      then: { properties: { status: { const: status }, ...needed }, required: Object.keys(needed) },
    };
  });
}

const neededWith = {
  'malformed-request': { issues: { type: 'array', minItems: 1 } },
  'node-revoked': { nodeId: {} },
  'unsupported-protocol': { supported: { type: 'array', minItems: 1 } },
};
