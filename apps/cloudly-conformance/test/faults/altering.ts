import type { Fault } from './fault.js';

/** A Cloudly that alters some of its answers, and leaves the others as they are. */
export function altering(
  name: string,
  breaks: string[],
  concerns: (response: Response, request: Request) => boolean,
  change: (response: Response) => Response | Promise<Response>,
): Fault {
  return {
    name,
    breaks,
    alter: (next) => async (request) => {
      const response = await next(request);
      return concerns(response, request) ? change(response) : response;
    },
  };
}
