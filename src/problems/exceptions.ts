import { HttpException } from '@nestjs/common';

// Exceptions for statuses that Nest has none for, in the form of Nest's own.

/** 414, RFC 9110 §15.5.15. */
export class UriTooLongException extends HttpException {
  constructor(response: object) {
    super(response, 414);
  }
}

/** 417, RFC 9110 §15.5.18. */
export class ExpectationFailedException extends HttpException {
  constructor(response: object) {
    super(response, 417);
  }
}

/** 428, RFC 6585 §3. */
export class PreconditionRequiredException extends HttpException {
  constructor(response: object) {
    super(response, 428);
  }
}

/** 429, RFC 6585 §4. */
export class TooManyRequestsException extends HttpException {
  constructor(response: object) {
    super(response, 429);
  }
}

/** 431, RFC 6585 §5. */
export class RequestHeaderFieldsTooLargeException extends HttpException {
  constructor(response: object) {
    super(response, 431);
  }
}

/** 507, RFC 4918 §11.5. */
export class InsufficientStorageException extends HttpException {
  constructor(response: object) {
    super(response, 507);
  }
}
