import type { GenericSchema } from 'valibot';
import type { limits } from '../src/index.js';
import type { Place } from './docstrings.mjs';

/**
 * A valibot schema of the contract as JSON Schema.
 *
 * @throws TypeError for a schema that cannot be expressed, and for a member without a docstring.
 */
export declare const convertSchema: (
  schema: GenericSchema,
  place: Place,
  options: {
    mode: 'strict' | 'tolerant';
    limits: typeof limits;
    reference: (schema: GenericSchema) => object | undefined;
  },
) => object;
