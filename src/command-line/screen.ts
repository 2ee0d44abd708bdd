/** Where a command writes: what was asked for goes to standard output, everything else to standard error. */
export interface Screen {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
}
