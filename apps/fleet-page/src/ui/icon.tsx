import type { JSX } from 'preact';

const circle = 'M1.75 8a6.25 6.25 0 1 0 12.5 0 6.25 6.25 0 1 0-12.5 0Z';
const box = 'M4.5 7h7a1.5 1.5 0 0 1 1.5 1.5v4a1.5 1.5 0 0 1-1.5 1.5h-7a1.5 1.5 0 0 1-1.5-1.5v-4A1.5 1.5 0 0 1 4.5 7Z';

/** What each draws, in a square of 16. */
const icons: Readonly<Record<string, string>> = {
  ok: `${circle}M5.25 8.25l2 2 3.5-4`,
  off: `${circle}M3.6 12.4 12.4 3.6`,
  warn: 'M8 2 1.75 13.25h12.5ZM8 6.25v3.25m0 1.75v.01',
  bad: 'M5.4 1.75h5.2l3.65 3.65v5.2l-3.65 3.65H5.4L1.75 10.6V5.4ZM5.75 5.75l4.5 4.5m0-4.5-4.5 4.5',
  busy: 'M8 1.75a6.25 6.25 0 1 1-6.25 6.25M8 4.75V8l2.25 1.5',
  wait: `${circle}M8 4.75v3.5h2.5`,
  lock: `${box}M5.25 7V4.75a2.75 2.75 0 0 1 5.5 0V7`,
  open: `${box}M5.25 7V4.5a2.75 2.75 0 0 1 5.3-1`,
  search: 'M2.25 7a4.75 4.75 0 1 0 9.5 0 4.75 4.75 0 1 0-9.5 0ZM10.5 10.5l3.75 3.75',
  cols: 'M3.25 2.75h9.5a1.5 1.5 0 0 1 1.5 1.5v7.5a1.5 1.5 0 0 1-1.5 1.5h-9.5a1.5 1.5 0 0 1-1.5-1.5v-7.5a1.5 1.5 0 0 1 1.5-1.5ZM6 2.75v10.5M10 2.75v10.5',
  down: 'M8 2v8m-3.25-3L8 10.25 11.25 7M2.5 13.5h11',
  plus: 'M8 3v10M3 8h10',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  copy: 'M7 5.5h5a1.5 1.5 0 0 1 1.5 1.5v5.5A1.5 1.5 0 0 1 12 14H7a1.5 1.5 0 0 1-1.5-1.5V7A1.5 1.5 0 0 1 7 5.5ZM10.5 5.5V3.25A1.5 1.5 0 0 0 9 1.75H4a1.5 1.5 0 0 0-1.5 1.5V9.5A1.5 1.5 0 0 0 4 11h1.5',
  more: 'M3.25 8h.01M8 8h.01M12.75 8h.01',
  x: 'M3.75 3.75l8.5 8.5m0-8.5-8.5 8.5',
  play: 'M5 3v10l8-5Z',
  refresh: 'M13.25 8a5.25 5.25 0 1 1-1.6-3.75M13.25 2v3h-3',
  dot: 'M5 8a3 3 0 1 0 6 0 3 3 0 1 0-6 0Z',
  user: 'M5.25 5.5a2.75 2.75 0 1 0 5.5 0 2.75 2.75 0 1 0-5.5 0ZM2.75 14c.5-3 2.6-4.25 5.25-4.25S12.75 11 13.25 14',
  tag: 'M2 7.5V2.5h5l6.75 6.75-5 5ZM4.75 5.25h.01',
  key: 'M7 9.5a3.25 3.25 0 1 1-.5-.75L9 6.5M6.5 9 14 2m-3.5 3.25 2 2',
  brand: 'M8 1.5 14 5v6l-6 3.5L2 11V5ZM2 5l6 3.5L14 5M8 8.5v6',
};

/** A shape beside its word, which says the same. */
export function Icon({ name, tone = '' }: { name: string; tone?: string }): JSX.Element {
  return (
    <svg class={`i i-${name} ${tone}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={icons[name] ?? icons['dot'] ?? ''} />
    </svg>
  );
}
