import {
  type Caller,
  FleetError,
  formatScope,
  isSelectorError,
  parseScope,
  type Rights,
  type Role,
  roles,
  type Scope,
} from '@serve.zone/baseos-cloudly-handlers';

/** The scope in which both are in; none if neither has one. */
export function commonScope(one: Scope | undefined, other: Scope | undefined): Scope | undefined {
  if (!one || !other) return one ?? other;
  const known = new Set(one.terms.map((term) => JSON.stringify(term)));
  return { terms: [...one.terms, ...other.terms.filter((term) => !known.has(JSON.stringify(term)))] };
}

/** The lower one. */
export function lowerRole(one: Role, other: Role): Role {
  return roles.indexOf(one) < roles.indexOf(other) ? one : other;
}

export function scopeOf({ scope }: Pick<Rights, 'scope'>): Scope | undefined {
  return scope === undefined ? undefined : parseScope(scope);
}

/**
 * Rights as they are kept.
 *
 * @throws FleetError for a scope that cannot be read
 */
export function readRights({ role, scope }: Rights): Rights {
  return { role, ...(scope !== undefined && { scope: formatScope(readScope(scope)) }) };
}

/**
 * The rights that somebody gives to a token of theirs: at most their own.
 *
 * @throws FleetError for a role above their own, or a scope that cannot be read
 */
export function rightsWithin(caller: Caller, { role, scope }: Rights): Rights {
  if (lowerRole(role, caller.role) !== role) {
    throw new FleetError('role-insufficient', `You have the role ${caller.role}, and an API token has at most yours`, {
      remedy: `Create one with the role ${caller.role}, or ask somebody with the role ${role}.`,
    });
  }
  const common = commonScope(caller.scope, scope === undefined ? undefined : readScope(scope));
  // Read again, because both together may be too long.
  return readRights({ role, ...(common && { scope: formatScope(common) }) });
}

function readScope(text: string): Scope {
  try {
    return parseScope(text);
  } catch (error) {
    if (!isSelectorError(error)) throw error;
    const { message, column, remedy } = error;
    throw new FleetError('selector-invalid', `${message} (column ${column} of the scope)`, { remedy, cause: error });
  }
}
