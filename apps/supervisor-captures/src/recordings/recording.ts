/** One exchange with a real Supervisor, as it was recorded. */
export interface Recording {
  /** Its place in the file, from 0. */
  readonly index: number;
  readonly name: string;
  /** What was going on, in the words of whoever recorded it. */
  readonly scenario: string;
  readonly request: RecordedRequest;
  readonly outcome: RecordedOutcome;
  readonly elapsedMs: number;
}

export interface RecordedRequest {
  readonly method: string;
  /** As it was sent, with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export type RecordedOutcome = RecordedAnswer | NoAnswer;

export interface RecordedAnswer {
  readonly kind: 'answer';
  readonly status: number;
  /** null: the answer had none. */
  readonly contentType: string | null;
  /** By their names in lower case. Empty if they were not recorded, as a Supervisor never sends none. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** The recording holds the beginning of the body only. */
  readonly isCut: boolean;
}

export interface NoAnswer {
  readonly kind: 'no-answer';
  readonly reason: NoAnswerReason;
}

/** The connection was refused, it broke off before the answer was whole, or nothing came while the client waited. */
export type NoAnswerReason = 'refused' | 'reset' | 'timeout';

/** The path without its query, as Express compares it: letters of either case, one slash at the end or none. */
export function routeOf({ path }: Pick<RecordedRequest, 'path'>): string {
  const [pathname = ''] = path.split('?', 1);
  return pathname.length > 1 ? pathname.toLowerCase().replace(/\/$/, '') : pathname;
}

/** The body as JSON, or undefined if it is none. */
export function jsonBodyOf({ body }: Pick<RecordedRequest, 'body'>): unknown {
  try {
    return body === null ? undefined : JSON.parse(body);
  } catch {
    return undefined;
  }
}
