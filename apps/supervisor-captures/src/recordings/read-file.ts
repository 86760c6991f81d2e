import { readFile } from 'node:fs/promises';
import * as v from 'valibot';

/** The recordings cannot be read; the message names the file, the problem, and what is expected. */
export class RecordingsError extends Error {
  override readonly name = 'RecordingsError';
}

/**
 * The text of a file; undefined if there is none.
 * @throws RecordingsError if it cannot be read
 */
export async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new RecordingsError(`${file} cannot be read (${code}).`);
  }
}

/**
 * The content of a JSON text, by its schema.
 * @param expectation what is expected, in a sentence
 * @throws RecordingsError with the file's name and the place in it
 */
export function parseFile<Output>(
  text: string,
  file: string,
  schema: v.GenericSchema<unknown, Output>,
  expectation: string,
): Output {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new RecordingsError(`${file} is not valid JSON: ${(error as Error).message}. ${expectation}`);
  }
  const parsed = v.safeParse(schema, json);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new RecordingsError(`${file} is malformed at ${placeOf(issue)}: ${issue.message}. ${expectation}`);
}

function placeOf(issue: v.BaseIssue<unknown>): string {
  const path = (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
  return path.length === 0 ? 'its top' : path.join('').replace(/^\./, '');
}
