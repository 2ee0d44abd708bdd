/** References to the service's own resources: relative, or absolute where PUBLIC_URL is set. Never built from Host. */
export class PublicUrl {
  constructor(private readonly base: string | undefined) {}

  /** The reference to a path that is already percent-encoded, such as `/items/apple`. */
  of(path: string): string {
    return `${this.base ?? ''}${path}`;
  }
}
