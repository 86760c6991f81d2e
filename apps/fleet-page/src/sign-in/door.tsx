import type { ComponentChildren, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Icon } from '../ui/icon.js';
import { useTitle } from '../ui/title.js';

/** The frame of what strangers see. */
export function Door({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  useTitle(title);
  useEffect(() => {
    document.body.classList.add('door');
    return () => document.body.classList.remove('door');
  }, []);
  return (
    <main id="main">
      <p class="brand">
        <Icon name="brand" />
        <span>Cloudly</span>
      </p>
      <h1>{title}</h1>
      {children}
    </main>
  );
}
