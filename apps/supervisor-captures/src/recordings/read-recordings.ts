import { join } from 'node:path';
import * as v from 'valibot';
import { parseFile, readText } from './read-file.js';
import type { NoAnswerReason, RecordedOutcome, Recording } from './recording.js';

/**
 * The recordings in `captures.json` of this folder; undefined if there is no such file.
 * @throws RecordingsError if it cannot be read, or contains something else.
 */
export async function readRecordings(folder: string): Promise<Recording[] | undefined> {
  const file = join(folder, 'captures.json');
  const text = await readText(file);
  return text === undefined ? undefined : parseRecordings(text, file);
}

/** @throws RecordingsError with the file's name and the place in it. */
export function parseRecordings(json: string, file: string): Recording[] {
  return parseFile(json, file, fileSchema, expectation).map(toRecording);
}

const expectation =
  'Expected an array of { name, scenario, request: { method, path, headers, body }, response: { status, contentType, body, headers } or { connectionError }, elapsedMs }.';

const flag = v.nullish(v.boolean(), false);
const text = v.pipe(v.string(), v.nonEmpty('Expected some text'));
const headers = v.nullish(v.record(v.string(), v.pipe(v.unknown(), v.transform(String))), {});
/** A body that is written as JSON means that JSON. */
const body = v.nullish(
  v.pipe(
    v.unknown(),
    v.transform((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
  ),
);

const marks = { connectionError: v.nullish(v.string()), streamTruncated: flag, bodyCut: flag };

const responseSchema = v.object({
  status: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(599))),
  contentType: v.nullish(v.string()),
  body,
  headers,
  ...marks,
});

const recordingSchema = v.pipe(
  v.object({
    name: v.string(),
    scenario: v.nullish(v.string(), ''),
    request: v.object({
      method: text,
      path: text,
      headers,
      body,
    }),
    response: v.nullish(responseSchema, {}),
    elapsedMs: v.nullish(v.number(), 0),
    ...marks,
  }),
  v.check(
    (recording) =>
      (recording.response.status ?? recording.connectionError ?? recording.response.connectionError) != null,
    'Expected a response with a status, or a connectionError',
  ),
);

const fileSchema = v.array(recordingSchema);

function toRecording(recorded: v.InferOutput<typeof recordingSchema>, index: number): Recording {
  const { name, scenario, request, elapsedMs } = recorded;
  return {
    index,
    name,
    scenario,
    request: { ...request, body: request.body ?? undefined },
    outcome: outcomeOf(recorded),
    elapsedMs,
  };
}

function outcomeOf({ response, ...recorded }: v.InferOutput<typeof recordingSchema>): RecordedOutcome {
  const connectionError = response.connectionError ?? recorded.connectionError;
  if (response.status == null || connectionError != null) {
    return { kind: 'no-answer', reason: reasonOf(connectionError ?? '') };
  }
  const names = Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    kind: 'answer',
    status: response.status,
    contentType: response.contentType ?? undefined,
    headers: new Map(names),
    body: response.body ?? '',
    isCut: response.streamTruncated || response.bodyCut || recorded.streamTruncated || recorded.bodyCut,
  };
}

function reasonOf(connectionError: string): NoAnswerReason {
  if (/refused/i.test(connectionError)) return 'refused';
  return /time-?d? ?out/i.test(connectionError) ? 'timeout' : 'reset';
}
