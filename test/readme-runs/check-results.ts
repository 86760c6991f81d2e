/**
 * Makes a program check what its comments say: `expression; // result` fails unless the expression has that result, a
 * `Response` by its status, and an object by the members that are shown.
 */
export function checkResults(code: string): string {
  return [helper, code.replaceAll(resultLine, '$1await __check($2, $3);')].join('\n');
}

const resultLine = /^( *)(?!const |let |var |import |export )(\S.*); \/\/ ('[^']*'|\d+|undefined|true|false|\{.*\})$/gm;

const helper = `
import { isDeepStrictEqual as __isSame, inspect as __inspect } from 'node:util';
async function __check(given, expected) {
  const value = await given;
  const actual = value instanceof Response ? value.status : value;
  const seen = typeof expected === 'object' ? Object.fromEntries(Object.keys(expected).map((key) => [key, actual?.[key]])) : actual;
  if (!__isSame(seen, expected)) throw new Error(__inspect(actual) + ' is not ' + __inspect(expected));
  console.log('as shown:', expected);
}`;
