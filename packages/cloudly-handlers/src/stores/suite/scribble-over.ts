/** Changes a value at every depth. Copies of it stay as they are. */
export function scribbleOver(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const part of Object.values(value)) scribbleOver(part);
  Object.assign(value, { scribbled: true });
}
