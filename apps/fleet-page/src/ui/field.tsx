import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';
import { Icon } from './icon.js';

export interface FieldProps extends Omit<JSX.IntrinsicElements['input'], 'label'> {
  label: ComponentChildren;
  hint?: ComponentChildren;
  /** What to enter instead. */
  mistake?: string | undefined;
}

/** A line of text to type, with its name, what it is for, and what is wrong with it. */
export function Field({ label, hint, mistake, ...input }: FieldProps): JSX.Element {
  const id = useId();
  const described = [hint !== undefined && `${id}h`, mistake !== undefined && `${id}e`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        autocomplete="off"
        {...input}
        id={id}
        aria-invalid={mistake !== undefined || undefined}
        aria-describedby={described || undefined}
      />
      {hint !== undefined && (
        <p class="hint" id={`${id}h`}>
          {hint}
        </p>
      )}
      {mistake !== undefined && (
        <p class="err" id={`${id}e`}>
          <Icon name="bad" />
          {mistake}
        </p>
      )}
    </div>
  );
}
