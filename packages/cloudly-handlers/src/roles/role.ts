/**
 * - `view`: reads, without approval codes and without what people did.
 * - `operate`: also approves, labels, names, sends commands, and makes join tokens, views and bulk jobs of their own.
 * - `admin`: also forces, revokes, forgets, decides about identities, and changes what others made.
 */
export type Role = (typeof roles)[number];

/** Each may do what those before it may. */
export const roles = ['view', 'operate', 'admin'] as const;
