/** What is refused although the published schemas allow it, because JSON Schema can't express it. */
export interface Restriction {
  /** Unique in the service. A test breaks each. */
  name: string;
  /** What is refused, for the description of the operation. */
  says: string;
  /** Codes of the problems that refuse it. */
  codes: string[];
  /** The rule that the problem names, if it is always the same one. */
  rule?: string;
}
