import type { ComponentChildren, JSX } from 'preact';
import { Icon } from './icon.js';

/** What an error says and what to do, as the fleet and its API write them. */
interface Explained {
  message: string;
  remedy?: string | undefined;
}

function explain(error: unknown): Explained {
  const { message = '', remedy } = error as Partial<Explained>;
  return { message: sentence(message || 'Something went wrong in this page'), remedy: remedy ?? 'Reload the page.' };
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** An error where it is to be mended: what happened, and what to do. */
export function Problem({ error, children }: { error: unknown; children?: ComponentChildren }): JSX.Element {
  const { message, remedy } = explain(error);
  return (
    <div class="note bad" role="alert">
      <Icon name="bad" tone="bad" />
      <div>
        <p>
          <b>{message}</b>
        </p>
        <p class="small">{remedy}</p>
        {children && <p class="acts">{children}</p>}
      </div>
    </div>
  );
}
