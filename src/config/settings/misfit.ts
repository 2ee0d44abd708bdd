/** What an unusable value must be instead. Each text completes the sentence "… must be"; none shows a secret. */
export class Misfit {
  readonly expected: string[];

  constructor(...expected: string[]) {
    this.expected = expected;
  }
}
