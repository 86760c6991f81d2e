import { parseRecordings } from '../src/recordings/read-recordings.js';
import type { Recording } from '../src/recordings/recording.js';

interface Exchange {
  readonly name?: string;
  readonly scenario?: string;
  /** As in `GET /v1/device`. */
  readonly request: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly status?: number;
  readonly contentType?: keyof typeof contentTypes;
  readonly answer?: unknown;
  readonly answerHeaders?: Readonly<Record<string, string>>;
  readonly bodyCut?: boolean;
  readonly connectionError?: string;
  readonly elapsedMs?: number;
}

const contentTypes = {
  json: 'application/json; charset=utf-8',
  html: 'text/html; charset=utf-8',
  plain: 'text/plain; charset=utf-8',
  none: null,
} as const;

/** A recording in few words, as if it had been read from a file. */
export function recordingOf({ request, headers, body, answer, answerHeaders, ...exchange }: Exchange): Recording {
  const { status = 200, contentType = 'json', bodyCut, connectionError, scenario = 'managed-single' } = exchange;
  const [method = '', path = ''] = request.split(' ');
  const response = {
    status,
    contentType: contentTypes[contentType],
    body: typeof answer === 'string' ? answer : JSON.stringify(answer),
    headers: answerHeaders,
    bodyCut,
  };
  const recorded = {
    name: exchange.name ?? request,
    scenario,
    request: { method, path, headers, body },
    response: connectionError === undefined ? response : { connectionError },
    elapsedMs: exchange.elapsedMs ?? 1,
  };
  const [recording] = parseRecordings(JSON.stringify([recorded]), 'test');
  if (recording === undefined) throw new Error('There is no recording.');
  return recording;
}
