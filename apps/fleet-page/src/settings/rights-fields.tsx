import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import type { Role } from '@serve.zone/baseos-cloudly-handlers';
import { roles } from '@serve.zone/baseos-cloudly-handlers';
import { Field } from '../ui/field.js';

/** A role, and a scope as it is typed. */
export interface TypedRights {
  role: Role;
  scope: string;
}

const meanings: Readonly<Record<Role, string>> = {
  view: 'View: read',
  operate: 'Operate: also approve, label, send commands, make join tokens',
  admin: 'Admin: also revoke, forget, force, and, without a scope, the operators',
};

export function rightsOf({ role, scope }: TypedRights): { role: Role; scope?: string } {
  return { role, ...(scope.trim() !== '' && { scope: scope.trim() }) };
}

export function RightsFields({
  value,
  onChange,
}: {
  value: TypedRights;
  onChange: (next: TypedRights) => void;
}): JSX.Element {
  const id = useId();
  return (
    <>
      <div class="field">
        <label for={id}>Role</label>
        <select
          id={id}
          value={value.role}
          onChange={({ currentTarget }) => onChange({ ...value, role: currentTarget.value as Role })}
        >
          {roles.map((role) => (
            <option key={role} value={role}>
              {meanings[role]}
            </option>
          ))}
        </select>
      </div>
      <Field
        label="May see"
        class="mono"
        spellcheck={false}
        value={value.scope}
        onInput={({ currentTarget }) => onChange({ ...value, scope: currentTarget.value })}
        hint="Labels alone, such as label.site=berlin. Empty for all nodes."
      />
    </>
  );
}
