/** Labels as they are typed, in the order of their keys: `shop=a,role=till`. */
export function formatLabels(labels: Readonly<Record<string, string>>): string {
  const keys = Object.keys(labels).toSorted();
  return keys.map((key) => `${key}=${labels[key]}`).join(',');
}
