/** An answer to be sent: what every server can send, in one piece. */
export interface ServedAnswer {
  status: number;
  /** By their names in lower case, without the length. */
  headers: Readonly<Record<string, string>>;
  body: string;
}

export function toResponse({ status, headers, body }: ServedAnswer): Response {
  return new Response(body, { status, headers });
}
