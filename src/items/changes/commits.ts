import { Injectable } from '@nestjs/common';

/** Tells who follows the changes that this process has committed some. While nobody does, a commit costs nothing. */
@Injectable()
export class Commits {
  listener: (() => void) | undefined;

  tell(): void {
    this.listener?.();
  }
}
