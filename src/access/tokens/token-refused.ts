/** A token is not valid. */
export class TokenRefused extends Error {
  constructor(
    /** The reason, without anything of the token, for the log. */
    readonly reason: string,
    /** Whether a newer set may have the key that this one lacks. */
    readonly lacksKey = false,
  ) {
    super(reason);
  }
}
