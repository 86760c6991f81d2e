/** One exchange with a real Supervisor, as it was recorded. */
export interface Recording {
  /** Its place in the file, from 0. */
  index: number;
  name: string;
  /** What was going on, as noted in the recording. */
  scenario: string;
  request: RecordedRequest;
  outcome: RecordedOutcome;
  elapsedMs: number;
}

export interface RecordedRequest {
  method: string;
  /** As it was sent, with its query. */
  path: string;
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
}

export type RecordedOutcome = RecordedAnswer | NoAnswer;

export interface RecordedAnswer {
  kind: 'answer';
  status: number;
  contentType: string | undefined;
  /** By their names in lower case. Empty if they were not recorded, as a Supervisor never sends none. */
  headers: ReadonlyMap<string, string>;
  body: string;
  /** The recording holds the beginning of the body only. */
  isCut: boolean;
}

export interface NoAnswer {
  kind: 'no-answer';
  reason: NoAnswerReason;
}

/**
 * The connection was refused, it was lost before the answer was complete, or nothing arrived while the client waited.
 */
export type NoAnswerReason = 'refused' | 'reset' | 'timeout';

/** The path without its query, as Express compares it: letters of either case, one slash at the end or none. */
export function routeOf({ path }: Pick<RecordedRequest, 'path'>): string {
  const [pathname = ''] = path.split('?', 1);
  return pathname.length > 1 ? pathname.toLowerCase().replace(/\/$/, '') : pathname;
}

/** The body as JSON, or undefined if it is none. */
export function jsonBodyOf({ body }: Pick<RecordedRequest, 'body'>): unknown {
  try {
    return body === undefined ? undefined : JSON.parse(body);
  } catch {
    return undefined;
  }
}
