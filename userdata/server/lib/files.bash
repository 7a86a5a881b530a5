# shellcheck shell=bash disable=SC2154
# Every file that prepare.sh changes: made in private first ($work/stage), shown as a diff, put in
# place one rename at a time, undone. Sourced.

# The files that change, and for each what it will be: a file in $work, or - when it is to be
# removed.
changed=() becomes=()

change() {
  local target=$1 new=$2
  if [ "$new" = - ]; then
    [ -e "$target" ] || return 0
  elif [ -f "$target" ] && cmp -s "$target" "$new"; then
    return 0
  fi
  changed+=("$target")
  becomes+=("$new")
}

# Each change as it is now (below $work/before) and as it will be, without the values of secrets:
# also those of lines that only stand beside ours.
print_changes() {
  local index old new
  : >"$work/nothing"
  for index in "${!changed[@]}"; do
    old=${changed[index]} new=${becomes[index]}
    [ -f "$old" ] || old=$work/nothing
    [ "$new" != - ] || new=$work/nothing
    { diff -U 0 --label "${changed[index]}" --label "${changed[index]} (prepared)" "$old" "$new" || true; } |
      sed -E 's/^([+-].*(secret|password)[^=]*=).*/\1 …/I' >&2
  done
}

# One rename, keeping owner and mode; a link in conf.d goes on pointing to the file in conf.avail.
# A new file is the business of root and Prosody alone.
put() {
  local file=$2 temporary=$2.jitsi-bridges.new folder
  if [ -f "$file" ]; then
    cp --preserve=mode,ownership "$file" "$temporary"
  else
    folder=$(dirname "$file")
    [ -d "$folder" ] || install -d -m 750 -g prosody "$folder"
    install -m 640 -g prosody /dev/null "$temporary"
  fi
  cat "$1" >"$temporary"
  mv "$temporary" "$file"
}

# A run that was killed half way through a file has left its temporary one.
remove_leftovers() { rm -f -- "$(readlink -f "$1").jitsi-bridges.new"; }

place_changes() {
  local index target real
  mkdir -p "$state" "$work/before"
  for index in "${!changed[@]}"; do
    target=${changed[index]} real=$(readlink -m "$target")
    if [ -f "$real" ]; then
      mkdir -p "$work/before$(dirname "$target")"
      cp -p "$real" "$work/before$target"
    fi
    put_or_remove "${becomes[index]}" "$target" "$real"
    log "changed $target"
  done
}

put_or_remove() {
  local new=$1 target=$2 real=$3
  if [ "$new" = - ]; then
    rm -f -- "$target"
    # The folder that was made for it, when it was the last.
    [[ $target != */jitsi-bridges/* ]] || rmdir --ignore-fail-on-non-empty "$(dirname "$target")"
  else
    put "$new" "$real"
  fi
}

roll_back() {
  local index target
  for index in "${!changed[@]}"; do
    target=${changed[index]}
    if [ -f "$work/before$target" ]; then
      put_or_remove "$work/before$target" "$target" "$(readlink -m "$target")"
    else
      put_or_remove - "$target" "$target"
    fi
  done
}
