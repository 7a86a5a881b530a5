# shellcheck shell=bash disable=SC2154
# Accounts on auth.<domain>: the collector's, and one per bridge where bridges are clients. Sourced
# by sync.sh.

# How often one session of the admin shell asks for the next piece of work, once there was more
# than one. The console of 0.11 obeys all lines that it has got at once, and nobody else is served
# meanwhile.
more_pieces() { if console_is_a_shell; then echo 8; else echo 1; fi; }

# Prosody, another user, reads the list.
write_accounts() {
  local id secret
  {
    [ ! -s "$work/password" ] || printf '%s %s\n' "$BRIDGES_COLLECTOR_USER" "$(<"$work/password")"
    if [ "$BRIDGES_GENERATION" = muc ]; then
      while read -r id _ secret; do printf 'jvb-%s %s\n' "${id#i-}" "$secret"; done <"$work/bridges"
    fi
  } >"$work/accounts"
  list=$(share_file "$work/accounts" accounts)
  program=$(program_file prosody-accounts.lua)
}

# Leaves the words that prosody-accounts.lua answers, one a line, in $work/words.
ask_accounts() {
  local line words pieces=1 deadline=$((SECONDS + 90))
  : >"$work/words"
  line=$(printf '> dofile("%s")("%s", "%s", "%s")' "$program" "$BRIDGES_AUTH_HOST" "$list" "$1")
  until
    words=$(seq "$pieces" | sed "s|.*|$line|" | admin_shell | grep "=") || true
    [[ $words == *=* ]] || fail "no answer from Prosody about the accounts of $BRIDGES_AUTH_HOST: is it running, and its admin shell enabled?"
    printf '%s\n' "$words" | tr ' ' '\n' >>"$work/words"
    [ "${words##* }" = "done" ]
  do
    pieces=$(more_pieces)
    [ "$SECONDS" -lt "$deadline" ] || fail "Prosody has not made the accounts of $BRIDGES_AUTH_HOST in 90 s"
  done
  [ -z "$(named '!')" ] || fail "accounts that could not be set on $BRIDGES_AUTH_HOST: $(named '!' | tr '\n' ' ')"
}

# Words of a kind, as names.
named() { sed -n "s/^[$1]//p" "$work/words" | LC_ALL=C sort -u; }

tell_collector() {
  local word
  for word in created:+ changed:~; do
    [[ $'\n'$(named "${word#*:}")$'\n' != *$'\n'"$BRIDGES_COLLECTOR_USER"$'\n'* ]] ||
      log "account $BRIDGES_COLLECTOR_USER ${word%:*}"
  done
  [ -s "$work/password" ] || log "no collector password yet"
}

accounts_in_step_for_component() {
  [ "$action" = sync ] || return 0
  write_accounts
  ask_accounts apply
  tell_collector
}

# Addresses from which clients have sent something in the last 15 s, as bridges do every 5: the
# connection of a machine that is gone may stay open for long. An `ss` that cannot tell when
# (before iproute2 5.2) has every connection count.
heard_lately() {
  { prosody_sockets -tniHO 2>/dev/null || prosody_sockets -tnH; } | awk '
    { lately = 1; if (match($0, /lastrcv:[0-9]+/)) lately = substr($0, RSTART + 8, RLENGTH - 8) + 0 <= 15000 }
    $1 == "ESTAB" && lately { address = $5; sub(/:[0-9]+$/, "", address); gsub(/\[|\]|::ffff:/, "", address); print address }
  ' | LC_ALL=C sort -u
}

connected_among_removed() { LC_ALL=C comm -12 <(named '*' | sed 's/^::ffff://' | LC_ALL=C sort -u) <(heard_lately) | wc -l; }

accounts_in_step_for_muc() {
  write_accounts
  ask_accounts check
  account_lists
  refuse_odd_set "$(connected_among_removed)" "$(named '=' | tail -n 1)"
  [ "$action" = sync ] && grep -q '^[-+~]' "$work/words" || return 0
  ask_accounts apply
  account_lists
  tell_collector
  log "created $(wc -l <"$work/activated"), removed $(wc -l <"$work/deactivated"), changed $(named '~' | wc -l)"
}

# Bridges' accounts only, as addresses; those with a session as users.
account_lists() {
  named + | sed -n "s/^jvb-.*/&@$BRIDGES_AUTH_HOST/p" >"$work/activated"
  named - | sed -n "s/^jvb-.*/&@$BRIDGES_AUTH_HOST/p" >"$work/deactivated"
  named @ >"$work/sessions"
}
