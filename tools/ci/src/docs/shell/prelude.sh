# What the commands of a page mean where they are run: npm looks whether there is what it should install, npx takes the command of the
# checkout, servers go on in the background, and a refusal by HTTP is an error.
set -euo pipefail
npm() { node "$DOCS_SHELL/npm.mjs" "$@"; }
npx() { node "$DOCS_SHELL/npx.mjs" "$@"; }
curl() { command curl --silent --show-error --fail-with-body --max-time 30 "$@"; }
