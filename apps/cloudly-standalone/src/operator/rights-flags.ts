import { type Rights, roles } from '@serve.zone/baseos-cloudly-handlers';
import { UsageError } from '@serve.zone/baseos-command-line';
import { readOneOf } from '../flags/read-flag.js';

/** For every command that gives somebody rights. */
export const rightsFlags = {
  role: { type: 'string', valueHint: 'role', offers: roles, description: 'What they may do: view, operate or admin' },
  scope: {
    type: 'string',
    valueHint: 'scope',
    description: 'The nodes that they see, by labels: label.site=berlin (default: the whole fleet)',
  },
} as const;

/** @throws UsageError without a role, or for one that there is not */
export function readRightsFlags({
  role,
  scope,
}: Partial<Record<keyof typeof rightsFlags, string | undefined>>): Rights {
  if (role === undefined) throw new UsageError('--role is missing. Give one of view, operate, admin.');
  return { role: readOneOf('--role', role, roles), ...(scope !== undefined && { scope }) };
}

/** As it stands in a sentence. */
export function describeRights({ role, scope }: Rights): string {
  return `the role ${role} for ${scope ?? 'the whole fleet'}`;
}
