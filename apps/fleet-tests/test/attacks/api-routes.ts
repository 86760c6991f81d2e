import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A route of the operators' API, as its document has it: a test keeps that the same as the table of routes. */
export interface ApiRoute {
  name: string;
  method: string;
  /** Such as `/nodes/{nodeId}/name`. */
  path: string;
  hasBody: boolean;
  /** Whether it can do without its body. */
  isBodyOptional: boolean;
  needsCredentials: boolean;
}

interface Operation {
  requestBody?: { required?: boolean };
  security?: readonly unknown[];
}

interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
}

const documentUrl = new URL('../../../../packages/fleet-api/openapi.json', import.meta.url);

export function apiRoutes(): ApiRoute[] {
  const { paths } = JSON.parse(readFileSync(documentUrl, 'utf8')) as OpenApi;
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { requestBody, security }]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      hasBody: requestBody !== undefined,
      isBodyOptional: requestBody?.required !== true,
      needsCredentials: security?.length !== 0,
    })),
  );
}

/** The path of a request, in which names stand for a text, already encoded; else for what there is not. */
export function targetOf({ path }: ApiRoute, named: string = randomUUID()): string {
  return `/api/v1${path.replace(/\{\w+\}/g, () => named)}`;
}
