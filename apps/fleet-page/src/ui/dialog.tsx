import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Button } from './button.js';
import { Problem } from './problem.js';
import type { Action } from './use-action.js';

export interface DialogProps {
  title: ComponentChildren;
  children: ComponentChildren;
  /** The verb and the object of the button that confirms. */
  confirm: ComponentChildren;
  /** `p` by default, `d p` for what cannot be undone. */
  look?: string;
  isDisabled?: boolean;
  /** Without one, confirming is all there is to do. @default true */
  hasCancel?: boolean;
  action?: Action;
  onConfirm: () => void;
  onClose: () => void;
}

/** A question over the view. Focus goes into it, and back to what opened it. */
export function Dialog(props: DialogProps): JSX.Element {
  const {
    title,
    children,
    confirm,
    look = 'p',
    isDisabled = false,
    hasCancel = true,
    action,
    onConfirm,
    onClose,
  } = props;
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={onClose}>
      <form
        class="sheet"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isDisabled && action?.isBusy !== true) onConfirm();
        }}
      >
        <header>
          <h2 id={id}>{title}</h2>
          <Button icon="x" look="x" label="Close" onClick={() => dialog.current?.close()} />
        </header>
        <div>
          {children}
          {action?.error !== undefined && <Problem error={action.error} />}
        </div>
        <footer>
          {hasCancel && <Button onClick={() => dialog.current?.close()}>Cancel</Button>}
          <Button type="submit" look={look} isDisabled={isDisabled} isBusy={action?.isBusy ?? false}>
            {confirm}
          </Button>
        </footer>
      </form>
    </dialog>
  );
}
