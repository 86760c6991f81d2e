/** Any input, read as if it had the expected shape. */
type Loose = Readonly<Record<string, unknown>> | null | undefined;

/**
 * Converts the second format of state, which `POST /v2/local/target-state` accepts, to the third, without validation.
 * @throws TypeError if the input makes the Supervisor fail: an app name that is not a number, or services that are null.
 */
export function upgradeTarget(body: unknown, device: { uuid: string; name: string }): unknown {
  const local = (body as Loose)?.['local'] as Loose;
  const apps = (local?.['apps'] ?? {}) as Record<string, unknown>;
  const upgraded = Object.keys(apps).map((id) => [id, upgradeApp(apps, id)] as const);
  return {
    [device.uuid]: {
      name: local?.['name'] ?? device.name,
      config: local?.['config'] ?? {},
      apps: Object.fromEntries(upgraded),
    },
  };
}

function upgradeApp(apps: Readonly<Record<string, unknown>>, key: string): unknown {
  const id = Number.parseInt(key, 10);
  // Looked up by the number: a key in another notation finds nothing, and reading a property of that throws.
  const app = known(apps[id]);
  const commit = app['commit'];
  return {
    id,
    name: app['name'],
    class: 'fleet',
    releases: commit ? { [commit as string]: upgradeRelease(app) } : {},
  };
}

function upgradeRelease(app: Readonly<Record<string, unknown>>): unknown {
  const services = (app['services'] ?? {}) as Record<string, unknown>;
  const upgraded = Object.keys(services).map((serviceId) => {
    const {
      imageId,
      serviceName,
      image,
      environment,
      labels,
      running,
      contract,
      serviceId: _id,
      ...composition
    } = known(services[serviceId]);
    const service = { id: serviceId, image_id: imageId, image, environment, labels, running, contract, composition };
    return [String(serviceName), service] as const;
  });
  return {
    id: app['releaseId'],
    services: Object.fromEntries(upgraded),
    volumes: app['volumes'] ?? {},
    networks: app['networks'] ?? {},
  };
}

function known(value: unknown): Readonly<Record<string, unknown>> {
  if (value == null) throw new TypeError('The target state has nothing where an app or a service should be.');
  return Object(value) as Readonly<Record<string, unknown>>;
}
