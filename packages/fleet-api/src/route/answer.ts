import * as v from 'valibot';

/** What a call resolves with, as the answer to a request: an object in JSON, a stream, or nothing. */
export interface Answer<Result> {
  status: 200 | 201 | 202 | 204;
  /** Of a body that is a stream of this media type. */
  mediaType?: string;
  /** Of the body in JSON; absent if there is none. */
  schema: v.GenericSchema | undefined;
  tell(result: Result): unknown;
  hear(body: unknown): Result;
  /** What `ETag` says, for the next change to repeat in `If-Match`. */
  revisionOf?(result: Result): number;
}

interface AnswerOptions<Result> {
  status?: 200 | 201 | 202;
  revisionOf?: (result: Result) => number;
}

/** The result itself, which is an object. */
export function answerOf<Result extends object>(
  schema: v.GenericSchema<Result>,
  { status = 200, ...options }: AnswerOptions<Result> = {},
): Answer<Result> {
  return { ...options, status, schema, tell: (result) => result, hear: (body) => body as Result };
}

/** An object that has the result as its one member, so that it can get more of them. */
export function answerWith<Result>(name: string, schema: v.GenericSchema<Result>): Answer<Result> {
  return {
    status: 200,
    schema: v.object({ [name]: schema }),
    tell: (result) => ({ [name]: result }),
    hear: (body) => (body as Record<string, Result>)[name] as Result,
  };
}

/** Nothing but that it is done. */
export const answerDone: Answer<void> = {
  status: 204,
  schema: undefined,
  tell: () => undefined,
  hear: () => undefined,
};
