import type { Answer } from './answer.js';
import type { Model } from '../model/model.js';
import type { ParsedBody } from './parse-body.js';

/** One endpoint: how it is found, who may use it, and what it does to the model. */
export interface Route {
  method: 'GET' | 'POST' | 'PATCH';
  /** `:name` stands for one part of the path, which the call gets decoded. */
  path: string;
  /** The version of the Supervisor that brought it. */
  since: string;
  /** `none`: before the key is looked at; `any`: any valid key. What a key's scope allows is up to the route. */
  key: 'none' | 'any';
  /** `unread`: answered before the body is looked at, so that even a broken one does no harm. @default 'parsed' */
  body?: 'parsed' | 'unread';
  handle: Handle;
}

export type Handle = (model: Model, call: Call) => Outcome;

/** A request, as a route sees it. */
export interface Call {
  method: string;
  body: ParsedBody;
  query: ParsedBody;
  /** Of the path's `:names`. */
  params: Readonly<Record<string, string>>;
  /** The key it shows; undefined if it shows none, or one that is not asked for and not known. */
  apiKey: string | undefined;
  /** Whether its key covers this app; any does where no key is asked for. */
  isScoped: (appId: number) => boolean;
  /** ms since the epoch; the model is settled at this moment. */
  now: number;
}

/** What comes of a call: an answer, none, or a wait. */
export type Outcome = Answered | Unanswered | Waiting;

interface Changing {
  /** The changed model; absent if nothing changed. */
  model?: Model;
}

export interface Answered extends Changing {
  answer: Answer;
}

/** `hang`: no answer ever comes; `reset`: the connection is reset. */
export interface Unanswered extends Changing {
  noAnswer: 'hang' | 'reset';
}

/** The call is not done yet: it is looked at again at that moment, and whenever the model has been changed meanwhile. */
export interface Waiting extends Changing {
  /** ms since the epoch, `Infinity` for no moment of its own. */
  until: number;
  /** Gets the model settled at the moment it is called, as a route does. */
  resume: (model: Model, now: number) => Outcome;
}
