import { Injectable } from '@nestjs/common';
import { searchUnready } from './search.problems.js';

/** When to look again, in whole seconds. */
const RETRY_AFTER_SECONDS = 5;

/** Knows whether the search data of all items is there. Until then a search would miss some. */
@Injectable()
export class SearchGate {
  private isOpen = false;

  open(): void {
    this.isOpen = true;
  }

  /** Problem: searchUnready (503). */
  requireOpen(): void {
    if (!this.isOpen) throw searchUnready(RETRY_AFTER_SECONDS);
  }
}
