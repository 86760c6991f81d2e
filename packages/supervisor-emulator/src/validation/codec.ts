/**
 * The shape of a value, with the name it has in a report. The combinators below accept, change and reject what the
 * Supervisor's validator does, so that every input gets the Supervisor's own messages.
 */
export interface Codec {
  name: string;
  /** A choice is reported as one: its branches are listed together. */
  isChoice?: boolean;
  read: (input: unknown, path: Path) => Reading;
}

/** The accepted value, or everything that is wrong with it. */
export type Reading = { ok: true; value: unknown } | { ok: false; mismatches: readonly Mismatch[] };

/** From the whole input to the value at hand. */
export type Path = readonly Step[];

export interface Step {
  key: string;
  codec: Codec;
  actual: unknown;
}

export interface Mismatch {
  value: unknown;
  path: Path;
  reason?: string;
}

type Dictionary = Readonly<Record<string, unknown>>;
type Properties = Readonly<Record<string, Codec>>;

/** Reads a whole input. */
export function decode(codec: Codec, input: unknown): Reading {
  return codec.read(input, [{ key: '', codec, actual: input }]);
}

/** A value that satisfies a predicate. */
function kind(name: string, holds: (input: unknown) => boolean): Codec {
  return { name, read: (input, path) => (holds(input) ? accept(input) : reject(input, path)) };
}

export const text = kind('string', (input) => typeof input === 'string');
export const number = kind('number', (input) => typeof input === 'number');
export const boolean = kind('boolean', (input) => typeof input === 'boolean');
export const anything = kind('any', () => true);
export const unknown = kind('unknown', () => true);

/** Exactly this value. */
export function literal(value: string): Codec {
  return kind(JSON.stringify(value), (input) => input === value);
}

/** A value that passes the codec and a check, under another name. A failed check says why. */
export function refine(name: string, codec: Codec, holds: (value: never) => boolean, reason: string): Codec {
  return {
    name,
    read(input, path) {
      const reading = codec.read(input, path);
      if (!reading.ok || holds(reading.value as never)) return reading;
      return reject(reading.value, path, reason);
    },
  };
}

/** A value that passes the codec, converted. */
export function convert(codec: Codec, change: (value: never) => unknown): Codec {
  return {
    ...codec,
    read(input, path) {
      const reading = codec.read(input, path);
      return reading.ok ? accept(change(reading.value as never)) : reading;
    },
  };
}

/** The default in place of null or a missing value. */
export function withDefault(codec: Codec, value: unknown): Codec {
  return { name: codec.name, read: (input, path) => codec.read(input ?? value, path) };
}

/** All of these properties, and any others. */
export function object(properties: Properties): Codec {
  return {
    name: `{ ${namesOf(properties)} }`,
    read: (input, path) => readProperties(properties, input, path, false),
  };
}

/** Any of these properties, and any others. */
export function partial(properties: Properties): Codec {
  return {
    name: `Partial<{ ${namesOf(properties)} }>`,
    read: (input, path) => readProperties(properties, input, path, true),
  };
}

/** A value that passes the codec, reduced to these properties. */
export function exact(codec: Codec, properties: Properties, name: string = `Exact<${codec.name}>`): Codec {
  return {
    name,
    read(input, path) {
      if (!isDictionary(input)) return reject(input, path);
      const reading = codec.read(input, path);
      if (!reading.ok) return reading;
      const known = Object.entries(reading.value as Dictionary).filter(([key]) => Object.hasOwn(properties, key));
      return accept(Object.fromEntries(known));
    },
  };
}

/** Any of these properties, and no others. */
export function exactPartial(properties: Properties): Codec {
  return exact(partial(properties), properties, `Partial<{| ${namesOf(properties)} |}>`);
}

/** A dictionary whose keys pass their codec. With values of any type, a list passes too. */
export function record(keys: Codec, values: Codec): Codec {
  return {
    name: `{ [K in ${keys.name}]: ${values.name} }`,
    read(input, path) {
      if (values === anything && Array.isArray(input)) return accept(input);
      if (!isDictionary(input)) return reject(input, path);
      const readings = Object.entries(input).map(([key, value]) => {
        const named = keys.read(key, step(path, key, keys, key));
        return [key, named.ok ? values.read(value, step(path, key, values, value)) : named] as const;
      });
      return collect(readings, (taken) => Object.fromEntries(taken));
    },
  };
}

/** A list of items that pass the codec. */
export function list(item: Codec): Codec {
  return {
    name: `Array<${item.name}>`,
    read(input, path) {
      if (!Array.isArray(input)) return reject(input, path);
      const readings = input.map((value, index) => {
        const key = String(index);
        return [key, item.read(value, step(path, key, item, value))] as const;
      });
      return collect(readings, (taken) => taken.map(([, value]) => value));
    },
  };
}

/** The result of the first codec that accepts the value. */
export function oneOf(...codecs: readonly Codec[]): Codec {
  return {
    name: `(${codecs.map(({ name }) => name).join(' | ')})`,
    isChoice: true,
    read(input, path) {
      const mismatches: Mismatch[] = [];
      for (const [index, codec] of codecs.entries()) {
        const reading = codec.read(input, step(path, String(index), codec, input));
        if (reading.ok) return reading;
        mismatches.push(...reading.mismatches);
      }
      return { ok: false, mismatches };
    },
  };
}

/** A value that passes all codecs, with their changes combined. */
export function allOf(codecs: readonly Codec[], name = `(${codecs.map((codec) => codec.name).join(' & ')})`): Codec {
  return {
    name,
    read(input, path) {
      const readings = codecs.map((codec, index) => {
        const key = String(index);
        return [key, codec.read(input, step(path, key, codec, input))] as const;
      });
      return collect(readings, (taken) =>
        merge(
          input,
          taken.map(([, value]) => value),
        ),
      );
    },
  };
}

function readProperties(properties: Properties, input: unknown, path: Path, mayMiss: boolean): Reading {
  if (!isDictionary(input)) return reject(input, path);
  const readings = Object.entries(properties)
    .map(([key, codec]) => [key, codec.read(input[key], step(path, key, codec, input[key]))] as const)
    .filter(([key, reading]) => reading.ok || !mayMiss || input[key] !== undefined);
  return collect(readings, (taken) => {
    const changed = taken.filter(([key, value]) => value !== input[key]);
    return changed.length === 0 ? input : { ...input, ...Object.fromEntries(changed) };
  });
}

/** All values, or else all mismatches. */
function collect(
  readings: readonly (readonly [string, Reading])[],
  join: (taken: readonly (readonly [string, unknown])[]) => unknown,
): Reading {
  const mismatches = readings.flatMap(([, reading]) => (reading.ok ? [] : reading.mismatches));
  if (mismatches.length > 0) return { ok: false, mismatches };
  return accept(join(readings.flatMap(([key, reading]) => (reading.ok ? [[key, reading.value] as const] : []))));
}

/** The combined changes of all results to a base. The last one counts. */
function merge(base: unknown, values: readonly unknown[]): unknown {
  if (!isDictionary(base) || !values.every(isDictionary)) return values.at(-1);
  const changes = values.flatMap((value) => Object.entries(value).filter(([key, taken]) => taken !== base[key]));
  return changes.length === 0 ? base : { ...base, ...Object.fromEntries(changes) };
}

function step(path: Path, key: string, codec: Codec, actual: unknown): Path {
  return [...path, { key, codec, actual }];
}

function accept(value: unknown): Reading {
  return { ok: true, value };
}

function reject(value: unknown, path: Path, reason?: string): Reading {
  return { ok: false, mismatches: [reason === undefined ? { value, path } : { value, path, reason }] };
}

function namesOf(properties: Properties): string {
  return Object.entries(properties)
    .map(([key, { name }]) => `${key}: ${name}`)
    .join(', ');
}

function isDictionary(value: unknown): value is Dictionary {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
