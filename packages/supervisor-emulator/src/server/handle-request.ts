import { adaptToRequest, errorPage, notFoundPage, sendStatus, sendText } from '../call/answer.js';
import type { Answer } from '../call/answer.js';
import type { Era } from '../eras/era.js';
import { fail } from '../call/failures.js';
import { BodyError, parseBody, parseForm } from '../call/parse-body.js';
import type { ParsedBody } from '../call/parse-body.js';
import type { SupervisorRequest } from '../call/request.js';
import { routesOf } from '../routes/all-routes.js';
import { matchPath, UndecodableError } from '../routes/match-path.js';
import type { Call, Route, Unanswered } from '../call/route.js';

/** What the order of work below needs from the Supervisor. */
export interface Handling {
  version: string;
  era: Era;
  /** Whether the request is authorized: it carries a valid key, or no key is needed. */
  isAuthorized: boolean;
  /** Whether it carries any key. */
  isShown: boolean;
  /** Runs a route on the current model, through all its waits. */
  run: (route: Route, request: RouteRequest) => Promise<Answer | Unanswered>;
}

/** The parts of a request that only a route knows. */
export type RouteRequest = Pick<Call, 'method' | 'body' | 'query' | 'params'>;

/** Answers in the order of the Supervisor's middleware: open routes, the key, the body, the other routes, the 404 page. */
export async function handleRequest(request: SupervisorRequest, handling: Handling): Promise<Answer | Unanswered> {
  const result = await decide(request, handling);
  return 'noAnswer' in result ? result : adaptToRequest(result, request);
}

interface Found {
  route: Route;
  params: Record<string, string>;
}

async function decide(request: SupervisorRequest, handling: Handling): Promise<Answer | Unanswered> {
  const { method, path } = request;
  const known = routesOf(handling.version);
  const run = ({ route, params }: Found, body: ParsedBody): Promise<Answer | Unanswered> =>
    handling.run(route, { method, body, params, query: parseForm(request.query) });

  const open = find(
    known.filter(({ key }) => key === 'none'),
    path,
  );
  const openRoute = withMethod(open, method);
  if (openRoute) return run(openRoute, {});
  if (!handling.isAuthorized) return refuse(handling);
  try {
    const unread = withMethod(
      find(
        known.filter(({ body }) => body === 'unread'),
        path,
      ),
      method,
    );
    if (unread) return await run(unread, {});
    const body = await parseBody(request);
    const here = find(known, path);
    const found = withMethod(here, method);
    if (found) return await run(found, body);
    if (method === 'OPTIONS' && here.length > 0) return allow(here);
  } catch (error) {
    if (!(error instanceof BodyError || error instanceof UndecodableError)) throw error;
    return handling.era.badBodyIsPage ? errorPage(400, error.message) : fail(handling.era, error.message);
  }
  return notFoundPage(method, path);
}

function refuse({ era, isShown }: Handling): Answer {
  return era.missingKeyIsTypeError && !isShown ? sendText(503, missingKeyWords) : sendStatus(401);
}

// Node.js 6's message for the missing key.
const missingKeyWords =
  'Unexpected error: TypeError: First argument must be a string, Buffer, ArrayBuffer, Array, or array-like object.';

function find(routes: readonly Route[], path: string): Found[] {
  return routes.flatMap((route) => {
    const params = matchPath(route.path, path);
    return params ? [{ route, params }] : [];
  });
}

function withMethod(found: readonly Found[], method: string): Found | undefined {
  return found.find(({ route }) => route.method === (method === 'HEAD' ? 'GET' : method));
}

function allow(here: readonly Found[]): Answer {
  const all = here.flatMap(({ route }) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]));
  const methods = [...new Set(all)].join(',');
  const answer = sendText(200, methods);
  return { ...answer, headers: { ...answer.headers, Allow: methods } };
}
