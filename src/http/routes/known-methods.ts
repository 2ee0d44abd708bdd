/** The methods that the service knows: RFC 9110 §9.3 without CONNECT, PATCH (RFC 5789) and QUERY (RFC 10008). */
export const KNOWN_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY'];
