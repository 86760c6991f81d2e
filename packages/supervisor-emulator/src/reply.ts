import type { Answer } from './answer.js';

/** What becomes of a request: an answer, or one of the ways to get none. A transport carries it out. */
export type Reply =
  | { readonly kind: 'answer'; readonly answer: Answer; readonly slow: boolean }
  | { readonly kind: 'hang' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'refused' };
