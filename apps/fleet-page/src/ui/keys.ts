import { useEffect } from 'preact/hooks';
import { signal } from '@preact/signals';

/** What a key does, by the key. */
export type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>;

const registered = new Set<{ keys: Keys }>();

const STORED_AS = 'cloudly-single-keys';

/** Whether single letters do something (WCAG 2.1.4). */
export const hasSingleKeys = signal(localStorage.getItem(STORED_AS) !== 'off');

export function switchSingleKeys(isOn: boolean): void {
  hasSingleKeys.value = isOn;
  localStorage.setItem(STORED_AS, isOn ? 'on' : 'off');
}

/** Gives keys a meaning while a part of the page is shown. The last part to ask for a key has it. */
export function useKeys(keys: Keys): void {
  useEffect(() => {
    const entry = { keys };
    registered.add(entry);
    return () => void registered.delete(entry);
  });
}

/** The view that `g` and a letter go to. */
export type Leaps = Readonly<Record<string, () => void>>;

export function listenToKeys(leaps: Leaps): void {
  let isLeaping = false;
  document.addEventListener('keydown', (event) => {
    if (!hasSingleKeys.value || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector('dialog[open]')) return;
    const key = event.key.toLowerCase();
    const leap = isLeaping ? leaps[key] : undefined;
    isLeaping = key === 'g' && !isLeaping;
    const meaning = leap ?? findMeaning(event.key);
    if (!meaning) return;
    event.preventDefault();
    meaning(event);
  });
}

function findMeaning(key: string): ((event: KeyboardEvent) => void) | undefined {
  let found: ((event: KeyboardEvent) => void) | undefined;
  for (const { keys } of registered) found = keys[key] ?? found;
  return found;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    (/^(?:INPUT|SELECT|TEXTAREA)$/.test(target.tagName) && (target as HTMLInputElement).type !== 'checkbox')
  );
}
