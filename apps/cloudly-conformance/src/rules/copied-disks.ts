import type { Section } from '../rule/rule.js';
import { suspicion } from './copied-disks/suspicion.js';
import { whileSuspected } from './copied-disks/while-suspected.js';
import { keptBoot } from './copied-disks/kept-boot.js';
import { rejectedBoots } from './copied-disks/rejected-boots.js';
import { replacedCopies } from './copied-disks/replaced-copies.js';

export const copiedDisks: Section = {
  title: 'Copied disks',
  rules: [...suspicion, ...whileSuspected, ...keptBoot, ...rejectedBoots, ...replacedCopies],
};
