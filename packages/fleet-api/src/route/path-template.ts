const PARAM = /^\{(\w+)\}$/;

/** A path such as `/nodes/{nodeId}/name` with its names replaced, each by a part of a path. */
export function fillPath(template: string, params: Readonly<Record<string, string>> = {}): string {
  const parts = template.split('/').map((part) => {
    const [, name] = PARAM.exec(part) ?? [];
    return name === undefined ? part : encodeURIComponent(params[name] ?? '');
  });
  return parts.join('/');
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
