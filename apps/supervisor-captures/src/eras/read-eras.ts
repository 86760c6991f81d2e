import { join } from 'node:path';
import * as v from 'valibot';
import { parseFile, readText } from '../recordings/read-file.js';
import type { EraRecording } from './era-recording.js';

/**
 * The content of `eras.json` of this folder; undefined if there is no such file.
 * @throws RecordingsError if it cannot be read, or contains something else.
 */
export async function readEras(folder: string): Promise<EraRecording[] | undefined> {
  const file = join(folder, 'eras.json');
  const json = await readText(file);
  return json === undefined ? undefined : parseEras(json, file);
}

/** @throws RecordingsError with the file's name and the place in it. */
export function parseEras(json: string, file: string): EraRecording[] {
  const { eras } = parseFile(json, file, fileSchema, expectation);
  return eras.flatMap(({ era, recordings }) => recordings.map((recorded) => ({ era, recorded }))).map(toRecording);
}

const expectation =
  'Expected { eras: [{ era, recordings: [{ id, method, path, requestBody, status, contentType, body, call, expect }] }] }.';

const text = v.pipe(v.string(), v.nonEmpty('Expected some text'));

const recordingSchema = v.object({
  id: text,
  method: v.picklist(['GET', 'POST', 'PATCH'], 'Expected GET, POST or PATCH'),
  path: v.pipe(text, v.startsWith('/', 'Expected a path')),
  requestBody: v.optional(v.unknown()),
  /** null: no answer comes. */
  status: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(599))),
  contentType: v.nullish(v.string()),
  body: v.optional(v.unknown()),
  call: text,
  expect: text,
  tags: v.optional(v.array(v.pipe(text, v.regex(/^v\d+\.\d+\.\d+$/, 'Expected a tag such as v12.2.10'))), []),
  note: v.optional(v.string(), ''),
});

const fileSchema = v.object({ eras: v.array(v.object({ era: text, recordings: v.array(recordingSchema) })) });

function toRecording(
  { era, recorded }: { era: string; recorded: v.InferOutput<typeof recordingSchema> },
  index: number,
): EraRecording {
  const { id, method, path, requestBody, status, contentType, body, call, expect, tags, note } = recorded;
  return {
    index,
    name: id,
    scenario: era,
    request: { method, path, headers: {}, body: requestBody === undefined ? undefined : JSON.stringify(requestBody) },
    outcome:
      status === null
        ? { kind: 'no-answer', reason: 'timeout' }
        : {
            kind: 'answer',
            status,
            contentType: contentType ?? undefined,
            headers: new Map(),
            body: textOf(body),
            isCut: false,
          },
    elapsedMs: 0,
    call,
    expected: expect,
    tags,
    note,
  };
}

/** A body that is written as JSON means that JSON. */
function textOf(body: unknown): string {
  if (body === undefined || body === null) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}
