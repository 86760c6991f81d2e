import type { JSX } from 'preact';
import type { Chip } from '../format/node-chips.js';
import { Icon } from './icon.js';

export function StateChip({ tone, icon, word }: Chip): JSX.Element {
  return (
    <span class={`chip ${tone}`}>
      <Icon name={icon} />
      {word}
    </span>
  );
}
