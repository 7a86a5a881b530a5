# shellcheck shell=bash
# Reads systemd unit files; sourced by systemctl and service-run. What a unit says ends up in the
# associative array `property`, keyed Section.Key, several values of a key separated by newlines.

readonly unit_directories=(/etc/systemd/system /run/systemd/system /usr/lib/systemd/system)
declare -A property=()

# Prints the file of a unit; its base name is the unit's own name when the given one is an alias.
unit_file() {
  local name=${1##*/} directory
  [[ $name == *.* ]] || name+=.service
  for directory in "${unit_directories[@]}"; do
    if [[ -e $directory/$name ]]; then
      readlink -f "$directory/$name"
      return
    fi
  done
  return 1
}

# The last value of a property, or the second argument.
setting() {
  local value=${property[$1]-}
  value=${value##*$'\n'}
  printf '%s' "${value:-${2-}}"
}

is_true() { [[ $(setting "$1" no) =~ ^(1|yes|true|on)$ ]]; }

# Adds a file's assignments. An empty value clears all earlier ones, as in systemd.
read_unit_file() {
  local line more section='' key
  while IFS= read -r line || [[ -n $line ]]; do
    while [[ $line == *\\ ]] && IFS= read -r more; do line="${line%\\} $more"; done
    line=${line#"${line%%[![:space:]]*}"}
    line=${line%"${line##*[![:space:]]}"}
    case $line in
      '' | '#'* | ';'*) continue ;;
      '['*']') section=${line:1:-1} && continue ;;
    esac
    key="$section.${line%%=*}"
    key=${key%"${key##*[![:space:]]}"}
    line=${line#*=}
    line=${line#"${line%%[![:space:]]*}"}
    if [[ -z $line ]]; then
      property[$key]=''
    else
      property[$key]+="${property[$key]:+$'\n'}$line"
    fi
  done <"$1"
}

# Fills `property` from a unit's file and its drop-ins, in the order of the drop-ins' names.
load_unit() {
  local file directory drop_in
  local -A drop_ins=()
  file=$(unit_file "$1") || return 1
  property=()
  read_unit_file "$file"
  for directory in /usr/lib/systemd/system /run/systemd/system /etc/systemd/system; do
    for drop_in in "$directory/${file##*/}".d/*.conf; do
      [[ -f $drop_in ]] && drop_ins[${drop_in##*/}]=$drop_in
    done
  done
  ((${#drop_ins[@]})) || return 0
  while IFS= read -r drop_in; do
    read_unit_file "${drop_ins[$drop_in]}"
  done < <(printf '%s\n' "${!drop_ins[@]}" | LC_ALL=C sort)
}

# Splits by systemd's quotes into the array `words`.
split_words() { mapfile -t words < <(xargs printf '%s\n' <<<"$1"); }

# Splits a command line into `words` and fills in variables: ${NAME} anywhere, $NAME as a word of
# its own (split again), $$ for a dollar sign. Other uses of $ stay for the command to read.
expand_command() {
  local raw word expanded
  local -a parts
  split_words "$1"
  raw=("${words[@]}")
  words=()
  for word in "${raw[@]}"; do
    if [[ $word =~ ^\$([A-Za-z_][A-Za-z0-9_]*)$ ]]; then
      read -r -a parts <<<"${!BASH_REMATCH[1]-}"
      words+=("${parts[@]}")
      continue
    fi
    word=${word//'$$'/$'\x01'}
    expanded=''
    while [[ $word =~ ^([^$]*)(\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$)(.*)$ ]]; do
      expanded+=${BASH_REMATCH[1]}
      if [[ -n ${BASH_REMATCH[3]} ]]; then
        word=${BASH_REMATCH[4]}
        expanded+=${!BASH_REMATCH[3]-}
      else
        word=${BASH_REMATCH[4]}
        expanded+='$'
      fi
    done
    expanded+=$word
    expanded=${expanded//$'\x01'/'$'}
    words+=("${expanded//%%/%}")
  done
}

# Exports what Environment= and EnvironmentFile= of the loaded unit say.
export_environment() {
  local line file value
  local -a words=()
  while IFS= read -r line; do
    [[ -n $line ]] || continue
    split_words "$line"
    export "${words[@]}"
  done <<<"${property[Service.Environment]-}"
  while IFS= read -r file; do
    [[ -n $file ]] || continue
    if [[ ! -r ${file#-} ]]; then
      [[ $file == -* ]] && continue
      echo "Failed to load environment files: $file" >&2
      return 1
    fi
    while IFS= read -r line || [[ -n $line ]]; do
      [[ $line =~ ^[[:space:]]*([A-Za-z_][A-Za-z0-9_]*)=(.*)$ ]] || continue
      value=${BASH_REMATCH[2]}
      value=${value%"${value##*[![:space:]]}"}
      case $value in
        \"*\" | \'*\') value=${value:1:-1} ;;
      esac
      export "${BASH_REMATCH[1]}=$value"
    done <"${file#-}"
  done <<<"${property[Service.EnvironmentFile]-}"
}

# Becomes the unit's user and runs one of its command lines in its environment; to be called in a
# subshell, which it replaces. Returns only when the command may not or cannot run.
exec_command() {
  local user group line=${1##[-@:+!]}
  local -a words=() become=()
  user=$(setting Service.User root)
  group=$(setting Service.Group "$(id -g "$user")") || return 217
  become=(setpriv --reuid="$user" --regid="$group" --init-groups)
  if [[ $user != root ]]; then
    USER=$user LOGNAME=$user HOME=$(getent passwd "$user" | cut -d: -f6)
    export USER LOGNAME HOME
  fi
  export_environment || return 1
  cd "$(setting Service.WorkingDirectory /)" || return 200
  umask "$(setting Service.UMask 0022)"
  expand_command "$line"
  exec "${become[@]}" -- "${words[@]}"
}

# Runs each line of a property like ExecStartPre in turn; a leading - forgives failure.
run_commands() {
  local line status
  while IFS= read -r line; do
    [[ -n $line ]] || continue
    status=0
    (exec_command "$line") || status=$?
    ((status == 0)) || [[ $line == -* ]] || return "$status"
  done <<<"${property[$1]-}"
}
