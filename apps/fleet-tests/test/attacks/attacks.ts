import type { Attack } from './attack.js';
import { encodingAttacks } from './encoding-attacks.js';
import { framingAttacks } from './framing-attacks.js';
import { sizeAttacks } from './size-attacks.js';
import { tokenAttacks } from './token-attacks.js';

export const attacks: readonly Attack[] = [...tokenAttacks, ...sizeAttacks, ...encodingAttacks, ...framingAttacks];
