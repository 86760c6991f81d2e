/**
 * Converts a valibot schema of the contract to JSON Schema (draft 2020-12).
 *
 * `strict` is what a writer of this version sends: the words and members that the contract names, and no others.
 * `tolerant` is what a reader accepts. If a reader continues without a value that it cannot use, the tolerant schema is
 * `anyOf` with two parts: the value as it is used, and `{}`. `default` is what a reader uses for an absent value.
 *
 * @param place where the docstrings of the schema are, from `readDocstrings`
 * @param reference gives the JSON Schema that refers to a schema with a name of its own, `undefined` for one without
 * @throws TypeError for a schema that cannot be said, and for a member without a docstring
 */
export function convertSchema(schema, place, { mode, limits, reference }) {
  const isStrict = mode === 'strict';

  const convert = (part, at) => reference(part) ?? finished(convertInPlace(part, at));

  /** Of a string that has neither pattern nor words, what a writer keeps to with any string. */
  const finished = (jsonSchema) => {
    const isAnyText = jsonSchema.type === 'string' && !jsonSchema.pattern && !jsonSchema.enum;
    if (!isStrict || !isAnyText) return jsonSchema;
    return { ...jsonSchema, maxLength: jsonSchema.maxLength ?? limits.stringMaxLength, pattern: '^[^\\x00]*$' };
  };

  const convertInPlace = (part, at) => {
    if (part.pipe) return convertPipe(part, at.at('pipe'));
    const converter = converters[part.type];
    if (!converter) throw new TypeError(`${at.path}: JSON Schema cannot express ${part.type}`);
    return converter(part, at);
  };

  const converters = {
    // Its items are in its metadata.
    array: () => ({ type: 'array' }),
    boolean: () => ({ type: 'boolean' }),
    custom: () => ({ type: 'string', minLength: 1 }),
    literal: ({ literal }) => ({ const: literal }),
    loose_object: (part, at) => convertObject(part, at),
    never: () => ({ not: {} }),
    number: () => ({ type: 'number' }),
    object: (part, at) => convertObject(part, at),
    optional: (part, at) => convertOptional(part, at),
    picklist: ({ options }) => ({ type: 'string', enum: options }),
    // Explicit, because generators of types treat an object without named members as an empty one.
    record: () => ({ type: 'object', additionalProperties: ANYTHING }),
    string: () => ({ type: 'string' }),
    variant: (part, at) => convertVariant(part, at),
  };

  const convertObject = ({ entries }, at) => {
    const properties = Object.entries(entries).map(([key, entry]) => {
      const member = at.at('entries').at(key);
      if (!member.docstring) throw new TypeError(`${member.path} has no docstring, which is its description`);
      return [key, { description: member.docstring, ...convert(entry, member) }];
    });
    const isRequired = ({ type, isSentAlways }) => type !== 'optional' || (isStrict && isSentAlways === true);
    return {
      type: 'object',
      properties: Object.fromEntries(properties),
      required: Object.keys(entries).filter((key) => isRequired(entries[key])),
      ...(isStrict && { additionalProperties: false }),
    };
  };

  const convertOptional = (part, at) => {
    const value = convert(part.wrapped, at.at('wrapped'));
    if (isStrict) return value;
    if (part.default !== undefined) return { ...value, default: part.default };
    if (!('fallback' in part)) return value;
    return { $comment: 'A value that does not match the first schema counts as absent.', anyOf: [value, ANYTHING] };
  };

  const convertVariant = ({ key, options }, at) => ({
    oneOf: options
      .map((option, index) => ({ option, place: at.at('options').at(index) }))
      .filter(({ option }) => !(isStrict && isOfNewerWriters(option.entries[key])))
      .map(({ option, place: optionPlace }) => convert(option, optionPlace)),
  });

  const isOfNewerWriters = ({ pipe = [] }) => pipe.some(({ metadata }) => metadata?.otherThan);

  const convertPipe = ({ pipe: [first, ...actions] }, at) =>
    actions.reduce(
      (jsonSchema, action, index) => withAction(jsonSchema, action, at.at(index + 1)),
      convertInPlace(first, at.at(0)),
    );

  const withAction = (jsonSchema, action, at) => {
    if (action.type === 'metadata') return withMetadata(jsonSchema, action.metadata, at.at('metadata'));
    const applied = actionsInWords[action.type]?.(action.requirement);
    if (!applied) throw new TypeError(`${at.path}: JSON Schema cannot express ${action.type}`);
    return narrowed(jsonSchema, applied);
  };

  const withMetadata = (jsonSchema, { writers, words, examples, otherThan, items, maxItems }, at) => {
    if (writers) return isStrict ? narrowed(jsonSchema, { ...writers, ...whole(writers.pattern) }) : jsonSchema;
    if (words) return isStrict ? { type: 'string', enum: words } : { ...jsonSchema, examples: words };
    if (examples) return { ...jsonSchema, examples };
    if (otherThan) return { ...jsonSchema, maxLength: limits.textMaxLength, not: { enum: otherThan } };
    const item = convert(items, at.at('items'));
    if (isStrict) return { ...jsonSchema, items: item, ...(maxItems && { maxItems }) };
    const end = maxItems ? `; the first ${maxItems} of the others are read` : '';
    return {
      $comment: `An item that does not match the first schema is dropped${end}.`,
      ...jsonSchema,
      items: { anyOf: [item, ANYTHING] },
    };
  };

  return finished(convertInPlace(schema, place));
}

/** Accepts any value. Tools for OpenAPI do not accept `true` as a schema. */
const ANYTHING = {};

/** To some engines (Python, Java, PCRE) `$` also matches before a line feed at the end. */
function whole(pattern) {
  return pattern && { pattern, not: { pattern: '\\n' } };
}

const actionsInWords = {
  finite: () => ({}),
  max_length: (maxLength) => ({ maxLength }),
  max_value: (maximum) => ({ maximum }),
  min_length: (minLength) => ({ minLength }),
  min_value: (minimum) => ({ minimum }),
  raw_transform: () => ({}),
  regex: ({ source }) => whole(source),
  safe_integer: () => ({ type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
  to_lower_case: () => ({}),
  transform: () => ({}),
  uuid: () => whole('^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$'),
};

/** Both together: the narrower of two bounds. */
function narrowed(jsonSchema, further) {
  const both = { ...jsonSchema, ...further };
  for (const key of ['minimum', 'minLength']) {
    if (key in jsonSchema && key in further) both[key] = Math.max(jsonSchema[key], further[key]);
  }
  for (const key of ['maximum', 'maxLength']) {
    if (key in jsonSchema && key in further) both[key] = Math.min(jsonSchema[key], further[key]);
  }
  return both;
}
