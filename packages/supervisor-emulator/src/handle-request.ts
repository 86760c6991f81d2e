import { adaptToRequest, notFoundPage, sendFailure, sendStatus, sendText } from './answer.js';
import type { Answer } from './answer.js';
import { BodyError, parseBody } from './parse-body.js';
import type { ParsedBody } from './parse-body.js';
import { routes } from './routes.js';
import type { Route } from './routes.js';

/** A request, as any transport can state it. */
export interface SupervisorRequest {
  readonly method: string;
  /** As it was sent, without the query. */
  readonly path: string;
  /** As it was sent, without the question mark. */
  readonly query: string;
  readonly header: (name: string) => string | undefined;
  /** null if the request has none. */
  readonly body: AsyncIterable<Uint8Array> | null;
}

/** The two things the order of work below needs of the Supervisor. */
export interface Handling {
  /** Whether the request may pass: it shows a valid key, or none is asked for. */
  readonly authorized: boolean;
  /** Lets a route work on the model of this very moment. */
  readonly run: (route: Route, body: ParsedBody) => Answer;
}

/** Answers in the order of the Supervisor's middleware: open routes, the key, the body, the other routes, the 404 page. */
export async function handleRequest(request: SupervisorRequest, handling: Handling): Promise<Answer> {
  return adaptToRequest(await decide(request, handling), request);
}

async function decide(request: SupervisorRequest, { authorized, run }: Handling): Promise<Answer> {
  const { method, path } = request;
  const here = routes.filter((route) => matches(route, path));
  const route = here.find((candidate) => candidate.method === (method === 'HEAD' ? 'GET' : method));
  if (route?.key === 'none') return run(route, {});
  if (!authorized) return sendStatus(401);
  try {
    const body = await parseBody(request);
    if (route) return run(route, body);
  } catch (error) {
    if (error instanceof BodyError) return sendFailure(503, error.message);
    throw error;
  }
  if (method === 'OPTIONS' && here.length > 0) return allow(here);
  return notFoundPage(method, path);
}

// Letters of either case, and one slash at the end, as Express has it by default.
function matches(route: Route, path: string): boolean {
  const wanted = path.toLowerCase();
  return wanted === route.path || wanted === `${route.path}/`;
}

function allow(here: readonly Route[]): Answer {
  const methods = here.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(',');
  const answer = sendText(200, methods);
  return { ...answer, headers: { ...answer.headers, Allow: methods } };
}
