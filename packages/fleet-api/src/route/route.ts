import type * as v from 'valibot';
import type { Answer } from './answer.js';

export type Method = 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';

/** The names between braces in a path such as `/nodes/{nodeId}/name`. */
export type ParamOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamOf<Rest>
  : never;

/** What a request says, apart from who sends it. */
export interface Parts<Params extends string = string, Query = unknown, Body = unknown> {
  params: Record<Params, string>;
  query: Query;
  body: Body;
  /** Of `If-Match`. */
  revision: number | undefined;
}

/** The same, without what the call does not have. */
export interface GivenParts<Params extends string = string, Query = unknown, Body = unknown> {
  params?: Record<Params, string>;
  query?: Query;
  body?: Body;
  revision?: number | undefined;
}

/** A call as a request: what it looks like, and how its arguments become a request and come out of one again. */
export interface Route<Name extends string = string, Args extends readonly unknown[] = unknown[], Result = unknown> {
  call: Name;
  method: Method;
  /** Below `/api/v1`. */
  path: string;
  summary: string;
  /** What the parameters after the question mark are; each is text, a number, a flag, or a list with commas. */
  query: v.ObjectEntries;
  body: v.GenericSchema | undefined;
  /** Whether `If-Match` holds the change back unless it names the revision. */
  takesRevision: boolean;
  answer: Answer<Result>;
  take(parts: Parts): Args;
  give(...args: Args): GivenParts;
}

/** Any route of a table. */
export interface AnyRoute extends Omit<Route, 'take' | 'give'> {
  take(parts: Parts): readonly unknown[];
  give(...args: never[]): GivenParts;
}

/** A route as its table writes it. */
export interface RouteDefinition<
  Calls,
  Name extends keyof Calls,
  Path extends string,
  Query extends v.ObjectEntries,
  Body extends v.GenericSchema,
> {
  method: Method;
  path: Path;
  summary: string;
  query?: Query;
  body?: Body;
  takesRevision?: true;
  answer: Answer<ResultOf<Calls[Name]>>;
  take(
    parts: Parts<ParamOf<Path>, v.InferOutput<v.ObjectSchema<Query, undefined>>, v.InferOutput<Body>>,
  ): [...ArgsOf<Calls[Name]>];
  give(
    ...args: ArgsOf<Calls[Name]>
  ): GivenParts<ParamOf<Path>, v.InferInput<v.ObjectSchema<Query, undefined>>, v.InferInput<Body>>;
}

type ArgsOf<Call> = Call extends (...args: infer Args) => unknown ? Args : never;
type ResultOf<Call> = Call extends (...args: never[]) => Promise<infer Result> ? Result : never;

/** What makes the routes of an interface: one for each of its calls. */
export function routesOf<Calls>() {
  return function route<
    Name extends keyof Calls & string,
    const Path extends string,
    // oxlint-disable-next-line typescript/no-generated-empty-object-type -- there are no parameters
    const Query extends v.ObjectEntries = Record<never, never>,
    const Body extends v.GenericSchema = v.UndefinedSchema<undefined>,
  >(
    call: Name,
    definition: RouteDefinition<Calls, Name, Path, Query, Body>,
  ): Route<Name, ArgsOf<Calls[Name]>, ResultOf<Calls[Name]>> {
    const { query = {}, body, takesRevision = false } = definition;
    return { ...definition, call, query, body, takesRevision };
  };
}
