/** What a server proves by TLS that it is who it says, both as PEM. */
export interface TlsCredentials {
  /** The certificate, followed by those that lead to the authority which devices trust. */
  cert: string;
  /** Its private key. */
  key: string;
}
