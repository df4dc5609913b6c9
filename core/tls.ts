/** A server's certificate (with its chain) and private key, both PEM. */
export interface TlsPair {
  readonly cert: string
  readonly key: string
}
