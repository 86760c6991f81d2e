import type { ServedAnswer } from './served-answer.js';
import type { ServedRequest } from './served-request.js';

/** Answers without a web-standard request and response. Never rejects. */
export type DirectAnswer = (request: ServedRequest) => Promise<ServedAnswer>;

/** Both copies of this package may be of different versions: the number is that of the two interfaces. */
const key = Symbol.for('@serve.zone/baseos-cloudly-handlers: direct answer 1');

/** The same function, from which a server that has no web-standard requests gets its answers directly. */
export function withDirectAnswer<Handler extends (...given: never[]) => unknown>(
  fetch: Handler,
  answer: DirectAnswer,
): Handler {
  return Object.defineProperty(fetch, key, { value: answer });
}

/** `undefined` for a function that is not one of the handlers, such as one that wraps them. */
export function directAnswerOf(fetch: object): DirectAnswer | undefined {
  return (fetch as { [key]?: DirectAnswer })[key];
}
