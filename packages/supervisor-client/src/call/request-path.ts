/**
 * Refuses every path that could be taken for another one on its way: what is looked up in the table of endpoints, and so
 * judged to read or to write, must be what the Supervisor gets.
 *
 * @throws TypeError that says what is wrong with it
 */
export function assertPath(path: unknown): asserts path is string {
  const problem = pathProblem(path);
  if (problem !== undefined) throw new TypeError(`The option \`path\` ${problem}.`);
}

function pathProblem(path: unknown): string | undefined {
  if (typeof path !== 'string' || !path.startsWith('/')) return 'must be a text that begins with a slash';
  if (/[?#]/.test(path)) return 'must end before any "?" or "#": give `query` by itself';
  // As the URL parser reads it, which solves `..`, takes a backslash for a slash, and drops tabs and line breaks.
  const { pathname } = new URL(`http://supervisor${path}`);
  if (pathname !== path) return `would be sent as another one: ${JSON.stringify(path)} leads to ${pathname}`;
  const shown = JSON.stringify(path);
  if (path.includes('//')) return `has an empty part, which may be dropped on the way: ${shown}`;
  // Some servers take what follows a semicolon for no part of the path.
  if (path.includes(';')) return `has a semicolon: ${shown}`;
  const misled = path.match(/%[0-9a-f]{2}/gi)?.find((code) => misleadingCode.test(code));
  return misled === undefined ? undefined : `has ${misled}, which may be read as what it stands for: ${shown}`;
}

/** Of what divides a URL (`#`, `/`, `;`, `?`, a backslash), of white space or control, or of one that need not be encoded. */
const misleadingCode = /^%(?:[01].|2[03def]|3[0-9bf]|4[1-9a-f]|5[0-9acf]|6[1-9a-f]|7[0-9aef])$/i;
