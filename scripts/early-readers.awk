# Finds readers that may leave before the writer on their left has finished: under `pipefail` the writer then dies of
# SIGPIPE in some runs, and the pipeline fails in those. Prints file:line: text for each, and fails when there is one.
# Capture the output first, or read to its end (`grep >/dev/null`, `sed -n 1p`, `awk` without exit, `tail`).

function judge(text, number) {
  gsub(/\|\|/, "OR", text)
  if (text ~ /\|[ \t]*(LC_ALL=C[ \t]+)?(grep|egrep|fgrep)[ \t]+([^|;&)]*[ \t])?(-[A-Za-z]*[qm][A-Za-z0-9]*|--quiet|--silent|--max-count)/ ||
      text ~ /\|[ \t]*head([ \t]|$|\))/ ||
      text ~ /\|[ \t]*read[ \t]/ ||
      text ~ /\|[ \t]*sed[ \t]+[^|]*[0-9\/;{ '][qQ]([ ;}'"]|$)/ ||
      text ~ /\|[ \t]*awk[ \t][^|]*[{; ]exit/ ||
      text ~ /\|[ \t]*(cmp[ \t]|diff[ \t]+-q|openssl[ \t]+x509)/) {
    print FILENAME ":" number ": " text
    found = 1
  }
}

FNR == 1 { pending = "" }
/^[ \t]*#/ { next }
{
  start = pending == "" ? FNR : start
  line = pending $0
  if (line ~ /(\||\\)[ \t]*$/) { sub(/\\[ \t]*$/, " ", line); pending = line; next }
  pending = ""
  judge(line, start)
}
END { exit found }
