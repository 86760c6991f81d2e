/**
 * Rejects every path that could become another one on its way. The table of endpoints decides by the path whether a
 * request reads or writes, so the Supervisor must receive exactly this path.
 *
 * @throws TypeError that says what is wrong with it
 */
export function assertPath(path: unknown): asserts path is string {
  const problem = pathProblem(path);
  if (problem !== undefined) throw new TypeError(`The option \`path\` ${problem}.`);
}

function pathProblem(path: unknown): string | undefined {
  if (typeof path !== 'string' || !path.startsWith('/')) return 'must be a string that starts with a slash';
  if (/[?#]/.test(path)) return 'must not contain "?" or "#": use the option `query`';
  // The URL parser resolves `..`, takes a backslash for a slash, and drops tabs and line breaks.
  const { pathname } = new URL(`http://supervisor${path}`);
  if (pathname !== path) return `would be sent as another path: ${JSON.stringify(path)} becomes ${pathname}`;
  const shown = JSON.stringify(path);
  if (path.includes('//')) return `has an empty segment, which may be dropped on the way: ${shown}`;
  // Some servers ignore the part of a path that follows a semicolon.
  if (path.includes(';')) return `contains a semicolon: ${shown}`;
  const misled = path.match(/%[0-9a-f]{2}/gi)?.find((code) => misleadingCode.test(code));
  return misled === undefined ? undefined : `contains ${misled}, which may be decoded on the way: ${shown}`;
}

/** Encodes a delimiter of URLs (`#`, `/`, `;`, `?`, a backslash), white space, a control character, or a character that needs no encoding. */
const misleadingCode = /^%(?:[01].|2[03def]|3[0-9bf]|4[1-9a-f]|5[0-9acf]|6[1-9a-f]|7[0-9aef])$/i;
