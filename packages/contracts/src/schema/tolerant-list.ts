import * as v from 'valibot';
import { hopeless } from './hopeless.js';
import { judgedBy, judgeOf } from './judged-by.js';

/**
 * A list that drops an item it cannot read and keeps the others, and that ends at `maxItems`: one bad item of a newer or
 * faulty writer must not cost the message.
 */
export function tolerantList<const Item extends v.GenericSchema>(
  item: Item,
  maxItems: number = Number.POSITIVE_INFINITY,
) {
  const readItem = readerOf(item);
  const readItems = (candidates: unknown[]): v.InferOutput<Item>[] => {
    // What does not change is not copied, and neither is what contains it.
    let items: unknown[] | undefined;
    for (const [index, candidate] of candidates.entries()) {
      if ((items?.length ?? index) === maxItems) return items ?? candidates.slice(0, maxItems);
      const output = readItem(candidate);
      if (!items && output === candidate) continue;
      items ??= candidates.slice(0, index);
      if (output !== undefined) items.push(output);
    }
    return items ?? candidates;
  };
  const list = v.pipe(
    v.array(v.unknown()),
    v.metadata({ items: item, ...(Number.isFinite(maxItems) && { maxItems }) }),
    v.transform(readItems),
  );
  return judgedBy(Array.isArray, list, readItems);
}

/** What an item becomes; `undefined` for one that cannot be read. */
function readerOf(item: v.GenericSchema): (candidate: unknown) => unknown {
  const judge = judgeOf(item);
  if (judge) return (candidate) => (judge.isGood(candidate) ? judge.toOutput(candidate) : undefined);
  const isHopeless = hopeless(item);
  return (candidate) => {
    if (isHopeless(candidate)) return undefined;
    const { issues, value } = item['~run']({ value: candidate }, FIRST_ISSUE_ONLY);
    return issues ? undefined : value;
  };
}

/** What is dropped is not explained. */
const FIRST_ISSUE_ONLY = { abortEarly: true };
