/** The kind of a log line, by its form: its content depends on what happened. */
export function shapeOfLine(line: string): string {
  const json = parseObject(line);
  if (json !== undefined) return '__CURSOR' in json ? 'an entry of the journal as JSON' : shapeOfObject(json);
  return textShapes.find(([, pattern]) => pattern.test(line))?.[0] ?? 'text';
}

/** The formats of journalctl by which a line is recognised; the first that fits. */
const textShapes: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['a remark of journalctl', /^-- .* --$/],
  ['an entry in the format json-sse', /^data: \{/],
  ['an entry in the format verbose', /^[A-Z][a-z]{2} \d{4}-\d\d-\d\d .*\[s=[0-9a-f]+;/],
  ['a field in the format verbose', /^ {4}_*[A-Z][A-Z0-9_]*=/],
  ['a field in the format export', /^_*[A-Z][A-Z0-9_]*=/],
  ['a field in the format json-pretty', /^\t"/],
  ['an entry in the format short', /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ /],
  ['an entry in the format short-precise', /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d\.\d{6} \S+ /],
  ['an entry in the format short-full', /^[A-Z][a-z]{2} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+ \S+ /],
  ['an entry in the format short-iso', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:?\d\d \S+ /],
  ['an entry in the format short-iso-precise', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d:?\d\d \S+ /],
  ['an entry in the format short-unix', /^\d{9,}\.\d{6} \S+ /],
  ['an entry in the format short-monotonic', /^\[ *\d+\.\d{6}\] \S+ /],
];

/** The keys with their types, in the order of the alphabet. */
function shapeOfObject(json: Record<string, unknown>): string {
  const members = Object.entries(json).map(([key, value]) => `${key}: ${value === null ? 'null' : typeof value}`);
  return `{ ${members.toSorted().join(', ')} }`;
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
