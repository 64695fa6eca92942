// Why a connection out of a sandbox was refused, in words. The codes are the proxy's.

const WORDS: Record<string, string> = {
  'not-allowed': 'is not on the list of allowed hosts',
  'blocked-address': 'leads to a private or reserved address',
  unresolved: 'has no address',
  'malformed-host': 'is no valid host name',
  'server-name-mismatch': 'was asked for under another name inside the connection',
  'not-tls': 'was not spoken to over TLS',
  'upload-limit': 'was to be sent more than the upload limit',
  'too-many-connections': 'was asked for too many times at once',
  'not-a-proxy-request': 'was asked for in a form that the proxy does not take',
}

/** An unknown code is shown as it is. */
export function egressWords(reason: string): string {
  return WORDS[reason] ?? reason
}
