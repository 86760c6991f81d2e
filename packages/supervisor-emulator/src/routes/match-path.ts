/**
 * The decoded parameters of a path that matches the template, or undefined. As in Express by default, case is ignored, and
 * one trailing slash is allowed.
 * @throws UndecodableError if it matches but a parameter cannot be decoded.
 */
export function matchPath(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split('/');
  const parts = path.split('/');
  if (parts.length === wanted.length + 1 && parts.at(-1) === '') parts.pop();
  if (parts.length !== wanted.length) return undefined;
  const params: [string, string][] = [];
  for (const [index, part] of parts.entries()) {
    const expected = wanted[index] ?? '';
    if (expected.startsWith(':') && part !== '') params.push([expected.slice(1), part]);
    else if (part.toLowerCase() !== expected.toLowerCase()) return undefined;
  }
  return Object.fromEntries(params.map(([name, part]) => [name, decode(part)]));
}

/** A part of a path with invalid percent-encoding. The Supervisor answers it with 503. */
export class UndecodableError extends Error {
  override readonly name = 'UndecodableError';
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new UndecodableError(`Failed to decode param '${part}'`);
  }
}
