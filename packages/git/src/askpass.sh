#!/bin/sh
# Answers git's question for a credential, once, and only for the origin it was given for; a redirect to another host gets nothing.
# The secret comes through file descriptor 3, so that it is in no argument list, environment or file.
case "$1" in
  "$SLIPWAY_ASKPASS_USERNAME_PROMPT") printf '%s\n' "$SLIPWAY_ASKPASS_USERNAME" ;;
  "$SLIPWAY_ASKPASS_SECRET_PROMPT") IFS= read -r secret <&3 && printf '%s\n' "$secret" ;;
  *) exit 1 ;;
esac
