import { FleetError } from '@serve.zone/baseos-cloudly-handlers';

const PARAM = /^\{(\w+)\}$/;

/** A part of a path that is no ID: an ID that reads so is written in another way, which means the same. */
const words: ReadonlySet<string> = new Set(['live']);

/**
 * A path such as `/nodes/{nodeId}/name` with its names replaced, each by a part of a path.
 *
 * @throws FleetError for what a path cannot have
 */
export function fillPath(template: string, params: Readonly<Record<string, string>> = {}): string {
  const parts = template.split('/').map((part) => {
    const [, name] = PARAM.exec(part) ?? [];
    return name === undefined ? part : encodePart(params[name] ?? '');
  });
  return parts.join('/');
}

function encodePart(value: string): string {
  // A URL has these for other places.
  if (['', '.', '..'].includes(value) || !value.isWellFormed()) {
    throw new FleetError('value-invalid', 'There can be no such ID', { remedy: 'Check the ID.' });
  }
  return words.has(value) ? `%${value.charCodeAt(0).toString(16)}${value.slice(1)}` : encodeURIComponent(value);
}

/** What a path has for each name of a template; `undefined` if it is another path. */
export function matchPath(template: string, path: string): Record<string, string> | undefined {
  const [expected, found] = [template.split('/'), path.split('/')];
  if (expected.length !== found.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of expected.entries()) {
    const [, name] = PARAM.exec(part) ?? [];
    const given = found[index] ?? '';
    if (name === undefined ? given !== part : given === '') return undefined;
    if (name === undefined) continue;
    const value = decodePart(given);
    if (value === undefined) return undefined;
    params[name] = value;
  }
  return params;
}

function decodePart(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
