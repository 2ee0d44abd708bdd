/** References to the service's own resources: relative, or absolute where PUBLIC_URL is set. Never built from Host. */
export class PublicUrl {
  constructor(private readonly base: string | undefined) {}

  /** The reference to a path such as `/items/apple`, which is percent-encoded already. */
  of(path: string): string {
    return `${this.base ?? ''}${path}`;
  }
}
