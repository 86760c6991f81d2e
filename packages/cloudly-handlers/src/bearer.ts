/** The credential of an Authorization header with the scheme Bearer (RFC 6750, 2.1). */
export const bearerOf = (request: Request): string | undefined =>
  /^Bearer +(?<credential>\S+) *$/i.exec(request.headers.get('authorization') ?? '')?.groups?.['credential'];
