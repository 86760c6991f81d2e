import type * as contracts from '../src/index.js';

/** A JSON Schema for each message, by file name without `.json`. */
export declare const jsonSchemas: (source: typeof contracts) => Record<string, object>;
