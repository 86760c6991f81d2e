import { signal } from '@preact/signals';

const STORED_AS = 'cloudly-theme';

export const themes = ['system', 'light', 'dark'] as const;

export type Theme = (typeof themes)[number];

export const theme = signal<Theme>(themes.find((known) => known === localStorage.getItem(STORED_AS)) ?? 'system');

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen;
  localStorage.setItem(STORED_AS, chosen);
  applyTheme();
}

export function applyTheme(): void {
  if (theme.value === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme.value;
}
