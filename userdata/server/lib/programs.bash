# shellcheck shell=bash disable=SC2154
# Lines of ours in files of the bridge and of Jicofo: shell assignments and Java properties. Both
# read a key that stands twice as its last assignment, so that what the packages wrote may stay as
# it is. Sourced by prepare.sh.

# $work/stage holds each file as it was before us, then as it will be.
stage_program_file() {
  local file=$1 staged=$work/stage$1
  mkdir -p "$(dirname "$staged")"
  lua_tool marked.lua strip "$file" >"$staged" || fail "$file has a line \"jitsi-bridges begin\" without its end: take our lines out by hand"
}

append_lines() {
  local file=$1 staged=$work/stage$1
  shift
  [ "$#" != 0 ] || return 0
  lua_tool marked.lua append "$staged" "$@" >"$work/appended"
  cat "$work/appended" >"$staged"
}

# The value as the program's start script sees it: the file is a shell script.
shell_value() {
  [ -r "$1" ] || return 0
  # shellcheck disable=SC2016 # expanded by the inner shell
  bash -c 'set -a; . "$1" >/dev/null 2>&1; printf %s "${!2-}"' _ "$1" "$2" | tr -d '\r'
}

property() { lua_tool marked.lua property "$1" "$2"; }
