#!/bin/sh
# Model-checks rowstream.pml (needs spin >= 6.5 and gcc). ./check.sh = everything; ./check.sh proofs | mutations
# ./check.sh trace MACRO 'budgets' prints the shortest counterexample of a mutation.
# One worker, at most 4 GiB. A proof must report 0 errors, a mutation must report a violation.
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
bad=0

build() { # promela flags, compiler flags
  cd "$work" && rm -f pan* && cp "$here/rowstream.pml" . &&
    spin -a $1 rowstream.pml >spin.log 2>&1 && gcc -O2 -w -DSAFETY -DNOREDUCE -DMEMLIM=3900 $2 -o pan pan.c || { cat spin.log; exit 2; }
}
states() { awk '/states, stored/ {print $1; exit}' pan.log; }
depth() { sed -n 's/.*depth reached \([0-9]*\).*/\1/p' pan.log | head -1; }

proof() { # name, flags, hash-compact?
  build "$2" "$3"
  ./pan -m100000 -E -w24 >pan.log 2>&1
  if grep -q 'errors: 0' pan.log && ! grep -q 'not completed' pan.log; then r=holds; else r=FAILED; bad=1; cp "$work"/*.trail "$here" 2>/dev/null; fi
  printf '| %s | `%s` | %s | %s | %s s | %s |\n' "$1" "$2" "$(states)${3:+ *}" "$(depth)" "$(awk '/elapsed time/ {print $4}' pan.log)" "$r"
}
mutation() { # macro, flags
  build "$2 -D$1" "-DBFS -DHC4"
  ./pan -E -w24 >pan.log 2>&1
  v=$(sed -n 's/^pan:1: assertion violated \(.*\) (at depth \([0-9]*\)).*/\2 \1/p' pan.log | head -1)
  case "$v" in
    *halted*) i='III (never visible)' ;;
    *'m_==1'*) i='V (row deleted before its transaction is decided)' ;;
    *purged*) i='VI (a record that is still needed was purged)' ;;
    *'>>'*) i='VII (gap between progress and outbox)' ;;
    *'<=m_'*) i='V (row deleted before its transaction is decided)' ;;
    *vis*) i='II (batch twice or out of order)' ;;
    *coff*) i='I (record folded into a stale state)' ;;
    *cur*) i='IV (write by a stale epoch)' ;;
    *) i='NOT FOUND'; bad=1 ;;
  esac
  printf '| %s | `%s` | %s | %s |\n' "$1" "$2" "$i" "${v%% *}"
}

if [ "$1" = trace ]; then
  build "$3 -D$2" "-DBFS -DHC4"; ./pan -E -w24 >pan.log 2>&1
  spin -t $3 -D$2 rowstream.pml 2>&1 | grep -E '^ +([012]|broker): |^ +offsets expire|failed assertion' | sed 's/^ *//'
  exit 0
fi
if [ "$1" != mutations ]; then
  echo '| proof | budgets | states | longest run (steps) | time | result |'
  echo '|---|---|---|---|---|---|'
  proof 'three owners in turn'    '-DN=3 -DB_CRASH=0 -DB_CLAIM=2 -DB_LOST=1'
  proof 'three owners, calm'      '-DN=3 -DB_CRASH=0 -DB_CLAIM=3 -DB_LOST=0'
  proof 'moves'                   '-DN=2 -DB_CRASH=0 -DB_CLAIM=3 -DB_LOST=1'
  proof 'two lost answers'        '-DN=2 -DB_CRASH=0 -DB_CLAIM=2 -DB_LOST=2'
  proof 'two records, deletion'   '-DN=2 -DR=2 -DB_CRASH=0 -DB_CLAIM=1 -DB_LOST=1'
  proof 'crash, release, punctuation' '-DN=2 -DB_CRASH=1 -DB_CLAIM=1 -DB_LOST=1 -DB_REL=1 -DB_PUN=1'
  proof 'crash, expiry, lost claim'   '-DN=2 -DB_CRASH=1 -DB_CLAIM=1 -DB_LOST=1 -DB_PUN=1 -DB_EXP=1 -DB_CLAIMLOST=1'
  proof 'two crashes, release'    '-DN=3 -DB_CRASH=2 -DB_CLAIM=2 -DB_LOST=0 -DB_REL=1'
  proof 'two crashes'             '-DN=3 -DB_CRASH=2 -DB_CLAIM=1 -DB_LOST=1'
  proof 'variant: epoch and cache kept' '-DN=3 -DB_CRASH=0 -DB_CLAIM=2 -DB_LOST=1 -DV_KEEP'
  proof 'variant: epoch and cache kept' '-DN=2 -DB_CRASH=1 -DB_CLAIM=1 -DB_LOST=2 -DB_PUN=1 -DV_KEEP'
  proof 'sent early: three owners in turn' '-DN=3 -DB_CRASH=0 -DB_CLAIM=2 -DB_LOST=1 -DV_EARLY'
  proof 'sent early: two records, deletion' '-DN=2 -DR=2 -DB_CRASH=0 -DB_CLAIM=1 -DB_LOST=1 -DV_EARLY'
  proof 'sent early: epoch and cache kept' '-DN=2 -DB_CRASH=0 -DB_CLAIM=1 -DB_LOST=1 -DV_EARLY -DV_KEEP'
  proof 'sent early: two crashes' '-DN=3 -DB_CRASH=2 -DB_CLAIM=1 -DB_LOST=1 -DV_EARLY' -DHC4
  proof 'sent early: two lost answers' '-DN=2 -DB_CRASH=0 -DB_CLAIM=2 -DB_LOST=2 -DV_EARLY' -DHC4
  proof 'sent early: crash, release, punctuation' '-DN=2 -DB_CRASH=1 -DB_CLAIM=1 -DB_LOST=1 -DB_REL=1 -DB_PUN=1 -DV_EARLY' -DHC4
  proof 'replayed: two records of both tasks' '-DN=2 -DR=2 -DB_CRASH=0 -DB_CLAIM=1 -DB_LOST=1 -DV_REPLAY -DV_EARLY'
  proof 'replayed, not sent early' '-DN=2 -DR=2 -DB_CRASH=0 -DB_CLAIM=1 -DB_LOST=1 -DV_REPLAY'
  proof 'replayed: three owners in turn' '-DN=3 -DR=2 -DR1=0 -DB_CRASH=0 -DB_CLAIM=2 -DB_LOST=1 -DV_REPLAY -DV_EARLY'
  proof 'replayed: three records' '-DN=2 -DR=3 -DR1=0 -DB_CRASH=0 -DB_CLAIM=1 -DB_LOST=1 -DV_REPLAY -DV_EARLY'
  proof 'replayed: crash, release, idle commit' '-DN=2 -DR=2 -DR1=0 -DB_CRASH=1 -DB_CLAIM=1 -DB_LOST=1 -DB_REL=1 -DB_IDLE=1 -DV_REPLAY -DV_EARLY'
  proof 'replayed: crash, expiry, lost claim' '-DN=2 -DR=2 -DR1=0 -DB_CRASH=1 -DB_CLAIM=1 -DB_LOST=1 -DB_EXP=1 -DB_CLAIMLOST=1 -DV_REPLAY -DV_EARLY'
  proof 'replayed: a claim that writes records' '-DN=2 -DR=2 -DR1=0 -DB_CRASH=0 -DB_CLAIM=2 -DB_LOST=1 -DB_RECORDS=1 -DV_REPLAY -DV_EARLY' -DHC4
  proof 'replayed: two crashes' '-DN=3 -DR=2 -DR1=0 -DB_CRASH=2 -DB_CLAIM=1 -DB_LOST=1 -DV_REPLAY -DV_EARLY' -DHC4
  proof 'replayed: two lost answers' '-DN=2 -DR=2 -DR1=0 -DB_CRASH=0 -DB_CLAIM=2 -DB_LOST=2 -DV_REPLAY -DV_EARLY' -DHC4
  proof 'three owners, more moves' '-DN=3 -DB_CRASH=0 -DB_CLAIM=4 -DB_LOST=0' -DHC4
  proof 'two records, more moves' '-DN=2 -DR=2 -DB_CRASH=0 -DB_CLAIM=2 -DB_LOST=1' -DHC4
  echo; echo '\* hash-compacted: about 1 state in 1,000 may be skipped; all others are exhaustive.'
fi
if [ "$1" != proofs ]; then
  echo; echo '| mutation | budgets | violated | steps |'; echo '|---|---|---|---|'
  a='-DN=3 -DB_CRASH=0 -DB_CLAIM=2 -DB_LOST=1' b='-DN=2 -DR=2 -DB_CRASH=0 -DB_CLAIM=1 -DB_LOST=1'
  c='-DN=2 -DB_CRASH=0 -DB_CLAIM=1 -DB_LOST=0 -DB_REL=1'
  mutation M_NO_DB_FENCE "$a";      mutation M_CLAIM_SNAPSHOT "$a"
  mutation M_NO_KAFKA_FENCE "$a";   mutation M_CLAIM_OVERWRITES "$a"; mutation M_PROGRESS_FIRST "$a"
  mutation M_LATE_INIT "$a";        mutation M_STORE_UNCHECKED "$a";  mutation M_STORE_LATE "$a"
  mutation M_NO_OWN_FENCE "$a";     mutation M_SAME_ID "$a";          mutation M_NO_REREAD "$a"
  mutation M_UNKNOWN_IS_FAILED "$a"; mutation M_UNKNOWN_IS_OK "$b";   mutation M_DELETE_EARLY "$b"
  mutation M_RELEASE_EARLY "$c";    mutation M_RELEASE_KEEPS_ROWS "$c"
  mutation M_PUNCT '-DN=2 -DB_CRASH=0 -DB_CLAIM=1 -DB_LOST=0 -DB_PUN=1'
  mutation M_ONE_SOURCE '-DN=2 -DR=2 -DB_CRASH=0 -DB_CLAIM=1 -DB_LOST=0'
  mutation M_EXPIRED_IS_ZERO '-DN=2 -DB_CRASH=1 -DB_CLAIM=0 -DB_LOST=0 -DB_EXP=1'
  mutation M_ASYNC_OFFSETS "$a"
  e='-DN=2 -DB_CRASH=0 -DB_CLAIM=1 -DB_LOST=1 -DV_EARLY'
  mutation M_EARLY_ENDS "$e"; mutation M_EARLY_KEEPS "$e"
  r='-DN=2 -DR=2 -DR1=0 -DB_CRASH=0 -DB_CLAIM=1 -DB_LOST=1 -DV_REPLAY -DV_EARLY'
  l='-DN=2 -DR=2 -DR1=0 -DB_CRASH=0 -DB_CLAIM=2 -DB_LOST=0 -DB_REL=1 -DV_REPLAY -DV_EARLY'
  mutation M_REPLAY_DB_OFFSET "$r"; mutation M_REPLAY_ONLY_ABOVE "$r"; mutation M_REPLAY_DELETES "$r"
  mutation M_REPLAY_NO_EMPTY "$r";  mutation M_PURGE_DURABLE "$r";     mutation M_REPLAY_MIXES "$r -DB_RECORDS=1"
  mutation M_REPLAY_RELEASE "$l";   mutation M_REPLAY_UNSTABLE "$l"
  mutation M_PROGRESS_FIRST "$r";   mutation M_NO_KAFKA_FENCE "$r";    mutation M_NO_DB_FENCE "$r"
  mutation M_EARLY_ENDS "$r";       mutation M_EARLY_KEEPS "$r"
  mutation M_NO_IDLE_CHECK '-DN=2 -DB_CRASH=1 -DB_CLAIM=2 -DB_LOST=0 -DB_PUN=1'
fi
exit $bad
