import type { ComponentChildren, JSX } from 'preact';
import { Icon } from './icon.js';

export interface ButtonProps {
  children?: ComponentChildren;
  icon?: string;
  /** `p` primary, `d` danger, `q` quiet, `x` an icon alone. */
  look?: string;
  label?: string;
  type?: 'button' | 'submit';
  isBusy?: boolean;
  /** Why it has no effect at present; the reason stands beside it for everybody to read. */
  isDisabled?: boolean;
  /** The ID of the menu that it opens. */
  opens?: string;
  onClick?: (event: MouseEvent) => void;
}

export function Button(props: ButtonProps): JSX.Element {
  const {
    children,
    icon,
    look = '',
    label,
    type = 'button',
    isBusy = false,
    isDisabled = false,
    opens,
    onClick,
  } = props;
  return (
    <button
      class={`b ${look}`}
      type={type}
      aria-label={label}
      aria-busy={isBusy || undefined}
      aria-disabled={isDisabled || undefined}
      {...(opens !== undefined && { popovertarget: opens })}
      onClick={(event) => {
        if (isDisabled || isBusy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {icon && <Icon name={isBusy ? 'refresh' : icon} />}
      {children}
    </button>
  );
}
