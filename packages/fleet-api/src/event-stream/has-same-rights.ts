import { type Caller, formatScope } from '@serve.zone/baseos-cloudly-handlers';

/** Whether two callers are the same one, with the same role and scope. */
export function hasSameRights(one: Caller, other: Caller): boolean {
  return one.actor === other.actor && one.role === other.role && scopeText(one) === scopeText(other);
}

function scopeText({ scope }: Caller): string | undefined {
  return scope && formatScope(scope);
}
