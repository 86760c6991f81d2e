/** Changes a value in all its depth, which makes no difference to whoever has a copy. */
export function scribbleOver(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const part of Object.values(value)) scribbleOver(part);
  Object.assign(value, { scribbled: true });
}
