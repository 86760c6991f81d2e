/** Whether the keys of this object are IDs or chosen names, so that only its members have a shape. */
export function isMap(key: string, value: object): boolean {
  const keys = Object.keys(value);
  if (mapsByKey.has(key)) return true;
  if (keys.length === 0) return false;
  return keys.every((name) => /^\d+$/.test(name)) || Object.values(value).every(isApp);
}

const mapsByKey: ReadonlySet<string> = new Set(['services', 'apps', 'releases', 'labels', 'volumes', 'networks']);

/** `GET /v2/applications/state` is a map of these by their names. Older ones have no update status. */
function isApp(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && 'appId' in value && ('updateStatus' in value || 'services' in value)
  );
}
