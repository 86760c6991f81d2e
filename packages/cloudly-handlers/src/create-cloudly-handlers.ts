import type { CloudlyHandlersOptions } from './handler-options.js';

/** Each takes a Web-standard request and resolves with the answer; none ever rejects. */
export interface CloudlyHandlers {
  /**
   * Both endpoints, told apart by the end of the path, so that it works under any mount path: `/baseos/v1/nodes/register`
   * as well as `/cloudly/baseos/v1/nodes/register`. Anything else is answered with a 404 problem document.
   */
  fetch(this: void, request: Request): Promise<Response>;
  /** `POST /baseos/v1/nodes/register`, whatever the request's path. */
  register(this: void, request: Request): Promise<Response>;
  /** `POST /baseos/v1/nodes/heartbeat`, whatever the request's path. */
  heartbeat(this: void, request: Request): Promise<Response>;
}

export type CreateCloudlyHandlers = (options: CloudlyHandlersOptions) => CloudlyHandlers;
