import type { Scope } from '@serve.zone/baseos-cloudly-handlers';
import * as v from 'valibot';
import { describes } from './describes.js';
import { flag, maybe, text } from './parts.js';

export const scope = describes<Scope>()(
  v.object({
    terms: v.array(v.object({ field: v.literal('label'), isNot: flag, key: text, anyOf: maybe(v.array(text)) })),
  }),
);
