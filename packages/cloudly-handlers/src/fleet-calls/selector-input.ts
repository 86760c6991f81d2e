import type { Selector } from '../selector/selector.js';

/** A text such as `state:offline label.site=berlin`, or what `parseSelector` made of it. */
export type SelectorInput = string | Selector;
