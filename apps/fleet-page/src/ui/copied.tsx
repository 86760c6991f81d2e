import type { JSX } from 'preact';
import { Button } from './button.js';
import { showToast } from './toasts.js';

/** Puts a text on the clipboard. */
export function CopyButton({ text, what }: { text: string; what: string }): JSX.Element {
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    showToast(`Copied ${what}`);
  };
  return <Button icon="copy" look="x" label={`Copy ${what}`} onClick={() => void copy()} />;
}

/** Text to copy: lines for a file or a terminal. */
export function Code({
  text,
  what,
  isWrapped = false,
}: {
  text: string;
  what: string;
  isWrapped?: boolean;
}): JSX.Element {
  return (
    <div class={isWrapped ? 'code wrap' : 'code'}>
      <pre tabIndex={0} role="region" aria-label={what}>
        {text}
      </pre>
      <CopyButton text={text} what={what} />
    </div>
  );
}
