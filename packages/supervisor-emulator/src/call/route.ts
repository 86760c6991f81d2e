import type { Answer } from './answer.js';
import type { Model } from '../model/model.js';
import type { ParsedBody } from './parse-body.js';

/** One endpoint: its path, the key that it needs, and its effect on the model. */
export interface Route {
  method: 'GET' | 'POST' | 'PATCH';
  /** `:name` stands for one part of the path, which the route gets decoded. */
  path: string;
  /** The Supervisor version that introduced it. */
  since: string;
  /** `none`: no key needed; `any`: any valid key. The route checks the scope of the key. */
  key: 'none' | 'any';
  /** `unread`: answered without reading the body, even a malformed one. @default 'parsed' */
  body?: 'parsed' | 'unread';
  handle: Handle;
}

export type Handle = (model: Model, call: Call) => Outcome;

/** A request as a route gets it. */
export interface Call {
  method: string;
  body: ParsedBody;
  query: ParsedBody;
  /** Of the path's `:names`. */
  params: Readonly<Record<string, string>>;
  /** The valid key of the request; undefined without one. */
  apiKey: string | undefined;
  /** Whether its key is valid for this app. Always true where no key is needed. */
  isScoped: (appId: number) => boolean;
  /** ms since the epoch; the model is settled at this moment. */
  now: number;
}

/** The outcome of a call: an answer, no answer, or a wait. */
export type Outcome = Answered | Unanswered | Waiting;

interface Changing {
  /** The changed model; absent if nothing changed. */
  model?: Model;
}

export interface Answered extends Changing {
  answer: Answer;
}

/** `hang`: the call is never answered; `reset`: the connection is reset. */
export interface Unanswered extends Changing {
  noAnswer: 'hang' | 'reset';
}

/** The call is not done yet. It resumes at that moment, or earlier whenever the model changes. */
export interface Waiting extends Changing {
  /** ms since the epoch, `Infinity` for no moment of its own. */
  until: number;
  /** Gets the model settled at the moment of the call, like a route. */
  resume: (model: Model, now: number) => Outcome;
}
