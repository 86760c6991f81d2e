/**
 * The decoded parameters of a path that fits the template, or undefined: letters of either case, and one slash at the end, as
 * Express has it by default.
 * @throws UndecodableError if it fits but a parameter cannot be decoded.
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

/** A part of a path that is no valid percent-encoding. The Supervisor answers 503 to that. */
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
