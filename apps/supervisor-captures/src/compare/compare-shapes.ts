import { isMap } from './json-map.js';
import { maskDevice } from './mask-device.js';

export interface ShapeOptions {
  /** Only the beginning of what is expected was recorded: there may be more of everything. */
  isPartial: boolean;
}

/**
 * How the shape of a JSON value differs from the recorded one; empty if it does not. Shape is: the keys, the types
 * (null is one of its own), the kinds of elements a list or a map has, and the very words of constant texts.
 */
export function compareShapes(recorded: unknown, given: unknown, options: ShapeOptions, place = ''): string[] {
  const where = place === '' ? 'the body' : place;
  if (typeOf(recorded) !== typeOf(given)) return [`${where}: expected ${typeOf(recorded)}, got ${typeOf(given)}`];
  if (Array.isArray(recorded) && Array.isArray(given)) return compareKinds(recorded, given, options, `${place}[]`);
  if (isObject(recorded) && isObject(given)) {
    const key = lastKey(place);
    if (environmentKeys.has(key)) return compareEnvironments(recorded, given, options, place);
    return isMap(key, recorded) || isMap(key, given)
      ? compareMaps(Object.values(recorded), Object.values(given), options, place)
      : compareMembers(recorded, given, options, place);
  }
  return typeof recorded === 'string' && typeof given === 'string' ? compareTexts(recorded, given, place) : [];
}

function compareMembers(
  recorded: Record<string, unknown>,
  given: Record<string, unknown>,
  options: ShapeOptions,
  place: string,
): string[] {
  const at = (key: string): string => (place === '' ? key : `${place}.${key}`);
  const surplus = options.isPartial ? [] : Object.keys(given).filter((key) => !Object.hasOwn(recorded, key));
  return [
    ...Object.entries(recorded).flatMap(([key, value]) =>
      Object.hasOwn(given, key)
        ? compareShapes(value, given[key], options, at(key))
        : [`${at(key)}: expected ${typeOf(value)}, got nothing`],
    ),
    ...surplus.map((key) => `${at(key)}: expected nothing, got ${typeOf(given[key])}`),
  ];
}

/** Of a map of services to their containers the number counts too: one that is missing shows in nothing else. */
function compareMaps(
  recorded: readonly unknown[],
  given: readonly unknown[],
  options: ShapeOptions,
  place: string,
): string[] {
  const areTexts = lastKey(place) === 'services' && [...recorded, ...given].every((value) => typeof value === 'string');
  const differences = compareKinds(recorded, given, options, `${place}.*`);
  if (differences.length > 0 || !areTexts || options.isPartial || recorded.length === given.length) return differences;
  return [`${place}: expected ${recorded.length} of them, got ${given.length}`];
}

/** Each kind of element that one side has, the other has too; how many of each does not matter. */
function compareKinds(
  recorded: readonly unknown[],
  given: readonly unknown[],
  options: ShapeOptions,
  place: string,
): string[] {
  const compare = (one: unknown, other: unknown): string[] => compareShapes(one, other, options, place);
  const missing = recorded.find((one) => !given.some((other) => compare(one, other).length === 0));
  if (missing !== undefined) {
    return given.length === 0 ? [`${place}: expected ${typeOf(missing)}, got nothing`] : compare(missing, given[0]);
  }
  if (options.isPartial) return [];
  const surplus = given.find((other) => !recorded.some((one) => compare(one, other).length === 0));
  if (surplus === undefined) return [];
  return recorded.length === 0 ? [`${place}: expected nothing, got ${typeOf(surplus)}`] : compare(recorded[0], surplus);
}

/** What the Supervisor puts into an environment has to be there; the app's own variables may have any name. */
function compareEnvironments(
  recorded: Record<string, unknown>,
  given: Record<string, unknown>,
  options: ShapeOptions,
  place: string,
): string[] {
  const own = (environment: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(environment).filter(([name]) => /^(?:BALENA|RESIN)(?:_|$)|^USER$/.test(name)));
  const strange = Object.entries(given).find(([, value]) => typeof value !== 'string');
  return [
    ...compareMembers(own(recorded), own(given), options, place),
    ...(strange === undefined ? [] : [`${place}.${strange[0]}: expected text, got ${typeOf(strange[1])}`]),
  ];
}

function compareTexts(recorded: string, given: string, place: string): string[] {
  const key = lastKey(place);
  if (constantKeys.has(key) || envelopeWords.has(recorded) || envelopeWords.has(given)) {
    return maskDevice(recorded) === maskDevice(given)
      ? []
      : [`${place}: expected ${quote(recorded)}, got ${quote(given)}`];
  }
  const form = textForms.get(key);
  if (form === undefined || !form.test(recorded) || form.test(given)) return [];
  return [`${place}: expected a text such as ${quote(recorded)}, got ${quote(given)}`];
}

/** Texts that do not depend on the device. */
const constantKeys: ReadonlySet<string> = new Set(['message', 'Data', 'Error', 'version']);

const envelopeWords: ReadonlySet<string> = new Set(['success', 'failed']);

const environmentKeys: ReadonlySet<string> = new Set(['env', 'environment']);

/** Texts that have a form. It is asked for where the recorded one has it. */
const textForms: ReadonlyMap<string, RegExp> = new Map([
  ['createdAt', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/],
  ['containerId', /^[0-9a-f]{64}$/],
  ['dockerImageId', /^sha256:[0-9a-f]{64}$/],
]);

function lastKey(place: string): string {
  return place.slice(place.lastIndexOf('.') + 1);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeNames[typeof value];
}

const typeNames = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  undefined: 'nothing',
  bigint: 'a number',
  function: 'nothing',
  symbol: 'nothing',
} as const;

function quote(text: string): string {
  return JSON.stringify(text.length <= 200 ? text : `${text.slice(0, 200)}…`);
}
