#!/usr/bin/env bats
# When `prepare.sh --restart at` restarts.

setup() { # restart.bash declares constants, which a test must not keep
  # shellcheck source=/dev/null
  source "$BATS_TEST_DIRNAME/../../../userdata/server/lib/restart.bash"
}

@test "a time of day is the next one: within 24 hours, on that minute" {
  for clock in 00:00 03:30 23:59; do
    at=$(date -u -d "$(time_of_restart "$clock")" +%s)
    ((at > $(date +%s)))
    ((at <= $(date +%s) + 86400))
    [ "$(date -u -d "@$at" +%H:%M:%S)" = "$clock:00" ]
  done
}

@test "a date in the future is that moment, as systemd writes it" {
  [ "$(time_of_restart 2099-01-31T03:30Z)" = "2099-01-31 03:30:00 UTC" ]
}

@test "the past, days that are not, and anything else are refused" {
  # shellcheck disable=SC2016 # meant literally
  for text in 2020-01-01T00:00Z 2099-02-30T03:30Z 2099-13-01T00:00Z 24:00 3:30 03:60 soon '' '03:30; reboot' '$(reboot)'; do
    run time_of_restart "$text"
    [ "$status" -ne 0 ]
    [ -z "$output" ]
  done
}
