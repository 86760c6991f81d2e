import { join } from 'node:path';
import * as v from 'valibot';
import { parseFile, readText } from '../recordings/read-file.js';
import { inOrder } from './gate-situation.js';
import type { GateEntry, GateSituation } from './gate-situation.js';

/**
 * The situations in `gate.json` of this folder; undefined if there is no such file.
 * @throws RecordingsError if it cannot be read, or contains something else.
 */
export async function readGate(folder: string): Promise<GateSituation[] | undefined> {
  const file = join(folder, 'gate.json');
  const json = await readText(file);
  return json === undefined ? undefined : parseGate(json, file);
}

/** @throws RecordingsError with the file's name and the place in it. */
export function parseGate(json: string, file: string): GateSituation[] {
  const recorded = parseFile(json, file, fileSchema, expectation);
  const titles = [...new Set(recorded.map(({ situation }) => situation))];
  return titles.map((title, index) => ({
    index,
    title,
    version: versionForm.exec(title)?.[1] ?? '',
    entries: inOrder(recorded.filter(({ situation }) => situation === title).map(toEntry)),
  }));
}

const expectation =
  'Expected an array of { situation, atSeconds, method, path, requestBody, status, contentType, body }; a situation begins with "Supervisor <version>:".';

const versionForm = /^Supervisor (\d+\.\d+\.\d+)\b/;

const entrySchema = v.object({
  situation: v.pipe(v.string(), v.regex(versionForm, 'Expected "Supervisor <version>: <what goes on>"')),
  atSeconds: v.number(),
  method: v.picklist(['GET', 'POST', 'PATCH'], 'Expected GET, POST or PATCH'),
  path: v.pipe(v.string(), v.startsWith('/', 'Expected a path')),
  requestBody: v.nullish(v.unknown()),
  /** 0: there was no answer. */
  status: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(599)),
  contentType: v.nullish(v.string()),
  body: v.nullish(v.unknown()),
});

const fileSchema = v.array(entrySchema);

function toEntry(recorded: v.InferOutput<typeof entrySchema>): GateEntry {
  const { atSeconds, method, path, requestBody, status, contentType, body } = recorded;
  const text = typeof body === 'string' ? body : body === null || body === undefined ? '' : JSON.stringify(body);
  return {
    atMs: Math.round(atSeconds * 1000),
    request: {
      method,
      path,
      headers: requestBody === null || requestBody === undefined ? {} : { 'Content-Type': 'application/json' },
      body: requestBody === null || requestBody === undefined ? undefined : JSON.stringify(requestBody),
    },
    outcome:
      status === 0
        ? { kind: 'no-answer', reason: 'refused' }
        : {
            kind: 'answer',
            status,
            contentType: contentType ?? undefined,
            headers: new Map(),
            body: text,
            isCut: false,
          },
  };
}
