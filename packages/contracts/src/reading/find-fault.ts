import { issuePath } from './issue-path.js';
import type { Issue } from '../messages/problem.js';

/** Each returns the broken rule. */
export interface Rules {
  string: (text: string) => string | undefined;
  /** For the keys of objects: the fault belongs to the object. */
  key?: (key: string) => string | undefined;
  /** How many arrays and objects may be inside each other, @default as deep as the stack carries */
  maxDepth?: number;
}

/**
 * The first fault of a message, in its own order. Each value is visited once, and only the path to what was found is ever
 * made: a hostile message costs no more than its size.
 */
export function findFault(root: object, rules: Rules): Issue | undefined {
  const { string: ruleOfString, key: ruleOfKey, maxDepth = Number.POSITIVE_INFINITY } = rules;
  const keysOutwards: (string | number)[] = [];

  const ruleAt = (value: unknown, depth: number): string | undefined => {
    if (typeof value === 'string') return ruleOfString(value);
    if (typeof value !== 'object' || value === null) return undefined;
    if (depth >= maxDepth) return 'max-depth';
    return Array.isArray(value) ? ruleInArray(value, depth + 1) : ruleInObject(value, depth + 1);
  };
  const ruleInArray = (items: readonly unknown[], depth: number): string | undefined => {
    for (let index = 0; index < items.length; index += 1) {
      const rule = ruleAt(items[index], depth);
      if (rule !== undefined) return noteKey(index, rule);
    }
    return undefined;
  };
  const ruleInObject = (members: object, depth: number): string | undefined => {
    for (const key in members) {
      const keyRule = ruleOfKey?.(key);
      if (keyRule !== undefined) return keyRule;
      const rule = ruleAt((members as Record<string, unknown>)[key], depth);
      if (rule !== undefined) return noteKey(key, rule);
    }
    return undefined;
  };
  const noteKey = (key: string | number, rule: string): string => {
    keysOutwards.push(key);
    return rule;
  };

  const rule = ruleAt(root, 0);
  return rule === undefined ? undefined : { path: issuePath(keysOutwards.toReversed()), rule };
}
