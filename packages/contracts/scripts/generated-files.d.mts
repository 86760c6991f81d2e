import type * as contracts from '../src/index.js';
import type { PlaceOf } from './docstrings.mjs';

/** The content of each file that is generated from the package, by its path in the package. */
export declare const generatedFiles: (source: typeof contracts, placeOf: PlaceOf) => Record<string, object>;
