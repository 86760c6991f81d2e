import { parseRecordings } from '../src/recordings/read-recordings.js';
import type { Recording } from '../src/recordings/recording.js';

interface Exchange {
  name?: string;
  scenario?: string;
  /** As in `GET /v1/device`. */
  request: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  status?: number;
  contentType?: keyof typeof contentTypes;
  answer?: unknown;
  answerHeaders?: Readonly<Record<string, string>>;
  bodyCut?: boolean;
  connectionError?: string;
  elapsedMs?: number;
}

const contentTypes = {
  json: 'application/json; charset=utf-8',
  html: 'text/html; charset=utf-8',
  plain: 'text/plain; charset=utf-8',
  none: null,
} as const;

/** A short recording, as if it had been read from a file. */
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
