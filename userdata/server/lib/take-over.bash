# shellcheck shell=bash disable=SC2154
# Prosody's configuration: what prepare.sh plans, puts in place, and has the running Prosody take
# over. Sourced.

# Facts that the plan found out, for whoever needs them.
declare -A fact=()

lua_tool() {
  local tool=$1
  shift
  prosody_exec "$lua" "$home/lua/$tool" "$@"
}

# The secret is in the environment of this one process only: what is restarted later must not
# inherit it.
plan_prosody() {
  local first second third
  mkdir -p "$work/plan"
  main=$(prosody_config)
  [ -r "$main" ] || fail "$main is missing: is this the server that Jitsi Meet runs on? Prosody has its configuration there"
  BRIDGES_DEFAULT_SECRET=$default_secret BRIDGES_DEFAULT_COMPONENT=$default_component \
    lua_tool plan.lua "$1" "$main" "$(prosody_source)" "$work/plan" "$(prosody_environment)" \
    >"$work/plan.lines" 2>"$work/plan.problem" || fail "$(tail -n 1 "$work/plan.problem")"
  while IFS=$'\t' read -r first second third; do
    case $first in
      note) log "$second" ;;
      fact) fact[$second]=$third ;;
      *) change "$first" "$second" ;;
    esac
  done <"$work/plan.lines"
  console_port=${fact[console_port]-}
}

# Where Prosody looks in any version and configuration, and without a restart, which another plugin
# path would need.
link_modules() {
  local name
  for name in loader "${guard_of_muc#jitsi_bridges_}"; do
    ln -sfn "$home/prosody/mod_jitsi_bridges_$name.lua" "$(module_folder)/mod_jitsi_bridges_$name.lua"
  done
  ln -sfn "$home/prosody/mod_jitsi_bridges.lua" "$(module_folder)/mod_jitsi_bridges.lua"
}

unlink_modules() { rm -f -- "$(module_folder)"/mod_jitsi_bridges{,_loader,_brewery}.lua; }

# Another fleet on this Prosody goes on to need them.
other_fleets() {
  local file
  for file in "$state"/*.prepared; do
    [ ! -e "$file" ] || [ "$file" = "$state/$BRIDGES_FLEET.prepared" ] || return 0
  done
  return 1
}

# All in one conversation, and each line by itself harmless where it has nothing to do. A reload
# keeps the guard up: the new one stands before anybody's next stanza is looked at.
take_over() {
  printf '%s\n' 'config:reload()' "host:activate(\"$(section)\")" \
    "module:reload(\"jitsi_bridges_loader\", \"$(section)\")" | admin_shell >"$work/taken"
}

let_go() {
  printf '%s\n' "module:unload(\"$(guard_module)\", \"$(guarded_host)\")" 'config:reload()' \
    "host:deactivate(\"$(section)\")" | admin_shell >"$work/taken"
}

# What a failed apply leaves of the modules is what an earlier one has put there.
unlink_modules_unless_prepared() { [ -e "$state/$BRIDGES_FLEET.prepared" ] || other_fleets || unlink_modules; }
