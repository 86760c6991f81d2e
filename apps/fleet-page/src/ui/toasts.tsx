import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { Button } from './button.js';
import { Icon } from './icon.js';

interface Toast {
  id: number;
  title: string;
  text?: string | undefined;
  /** It stays until it is dismissed. */
  action?: { label: string; run: () => void } | undefined;
}

const SHOWN_MS = 6000;

const toasts = signal<readonly Toast[]>([]);
let lastId = 0;

/** Says that something has been done, beside the view. What must be mended stands where it is mended instead. */
export function showToast(title: string, options: Pick<Toast, 'text' | 'action'> = {}): void {
  const id = (lastId += 1);
  toasts.value = [...toasts.value, { id, title, ...options }].slice(-3);
  if (!options.action) setTimeout(() => dismiss(id), SHOWN_MS);
}

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

export function Toasts(): JSX.Element {
  return (
    <div class="toasts" role="status">
      {toasts.value.map(({ id, title, text, action }) => (
        <div class="note ok" key={id}>
          <Icon name="ok" tone="ok" />
          <div>
            <p>
              <b>{title}</b>
            </p>
            {text && <p class="small muted">{text}</p>}
            {action && (
              <p class="acts">
                <Button
                  look="q"
                  onClick={() => {
                    dismiss(id);
                    action.run();
                  }}
                >
                  {action.label}
                </Button>
              </p>
            )}
          </div>
          <Button icon="x" look="x" label="Dismiss" onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  );
}
