# shellcheck shell=bash
# What the scripts share; sourced. Everything said goes to stderr: stdout is the programs'.

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly project
cd "$project" || exit 1

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

is_root() { ((EUID == 0)); }

# Whether root's rights can be had: by being root, by sudo without a password, or by asking for it.
can_be_root() {
  is_root && return
  command -v sudo >/dev/null || return
  sudo -n true 2>/dev/null || [[ -t 0 && -t 2 ]]
}

# PATH is kept, since Node is often installed below a home directory.
as_root() {
  if is_root; then "$@"; else sudo -E env "PATH=$PATH" "$@"; fi
}

# Files of the project, tracked or new, that match Git's patterns. Root may ask in a user's clone.
project_files() {
  git -c safe.directory="$project" ls-files --cached --others --exclude-standard "$@"
}
