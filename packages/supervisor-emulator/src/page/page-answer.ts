import { adaptToRequest, sendText } from '../call/answer.js';
import type { Answer } from '../call/answer.js';
import type { SupervisorRequest } from '../call/request.js';
import { pagePolicy, statePage } from './state-page.js';
import type { PageFacts } from './state-page.js';

/** The page, if the request asks for it. */
export function pageAnswer(request: SupervisorRequest, facts: () => PageFacts): Answer | undefined {
  if (request.path !== '/' || (request.method !== 'GET' && request.method !== 'HEAD')) return undefined;
  const answer = sendText(200, statePage(facts()).html);
  const headers = { ...answer.headers, 'Content-Security-Policy': pagePolicy, 'Cache-Control': 'no-store' };
  return adaptToRequest({ ...answer, headers }, request);
}
