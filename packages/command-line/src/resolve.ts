import type { Resolvable } from 'citty';

/** The value that citty allows to be given later, or by a function. */
export async function resolve<Value>(value: Resolvable<Value> | undefined): Promise<Value | undefined> {
  return typeof value === 'function' ? await (value as () => Value | Promise<Value>)() : await value;
}
