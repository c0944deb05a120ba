/* rowstream: claim, fence, outbox, relay. Checked by ./check.sh; see README.md.
 * One `atomic` block = one step: a database transaction, one request at the broker, or a local decision.
 * A process that is never scheduled again is a crash, one scheduled late is a zombie; `alive` only serves liveness.
 * M_* macros take one rule of the protocol out (mutations); B_* are budgets that keep the model finite. */
#ifndef N
#define N 3                     /* instances; the last one never crashes */
#endif
#ifndef K
#define K 4                     /* transactional ids an instance can use in its life */
#endif
#ifndef R
#define R 1                     /* input records per partition */
#endif
#ifndef R1
#define R1 R                    /* of the second task */
#endif
#define RECORDS(t) ((t) == 0 -> R : R1)
#ifndef B_CLAIM
#define B_CLAIM 2               /* arbitrary (re)assignments; on top, the last instance claims what a dead one owned */
#endif
#ifndef B_CRASH
#define B_CRASH 1
#endif
#ifndef B_LOST
#define B_LOST 1                /* lost/late acknowledgements, transaction timeouts, rejected offset commits */
#endif
#ifndef B_REL
#define B_REL 0                 /* graceful releases */
#endif
#ifndef B_CLAIMLOST
#define B_CLAIMLOST 0           /* lost acknowledgements of a claim */
#endif
#ifndef B_PUN
#define B_PUN 0                 /* punctuations: an outbox batch without offset advance */
#endif
#ifndef B_EXP
#define B_EXP 0                 /* the group's offsets expire while nobody runs */
#endif
#ifndef B_RECORDS
#define B_RECORDS 0             /* V_REPLAY: takeovers after which records are written to the outbox, not markers */
#endif
#ifndef B_IDLE
#define B_IDLE 0                /* V_REPLAY: commits of a task with nothing new, that write positions and delete what is published */
#endif
#define T 2
#define NID (N*K)
#define L 7
#define MISSING 15
#define X(i,t) ((i)*T+(t))
#define ID(i,g) ((i)*K+(g))     /* g = 1..K; 0 = no id */

/* database: claim row, offsets, state, outbox (one transaction = one step) */
byte rid[T], off[T], st[T], seqn[T];
#ifdef V_REPLAY
short ob[T];                    /* bits: what is made again takes new sequences */
#else
byte ob[T];
#endif
/* kafka: transaction coordinator per id */
byte kv[NID+1];                 /* 0 never initialised, 1 the owner's producer is current, 2 fenced */
byte ks[NID+1];                 /* 0 empty, 1 ongoing, 2 prepare-commit, 3 prepare-abort */
bit  ko[NID+1], kf[NID+1];      /* markers still to write: output partitions, offsets partition */
bit  kin[NID+1];                /* an EndTxn is in the network that its sender has given up */
byte kp[(NID+1)*T];             /* progress carried by the transaction */
byte pg[T];                     /* committed progress of the group (offset metadata) */
byte lq[T*L], li[T*L], ln[T];   /* undecided tail of the output log: sequence, id (0 = committed) */
byte vis[T];                    /* what read_committed consumers have seen: 1..vis in order */
/* instances */
bit  alive[N];
byte myid[N], ps[N];    /* ps: 0 no producer, 1 ready, 2 in a transaction */
#ifdef V_KEEP
bit  kept[N*T];
#define KEPT(i,t) kept[X(i,t)]
#define UNKEEP(i,t) kept[X(i,t)] = 0
#else
#define KEPT(i,t) false
#define UNKEEP(i,t) skip
#endif
bit  cur[N*T];                  /* my epoch is the row's epoch (the claim of another clears it: no counter needed) */
byte ph[N*T], pred[N*T], lpub[N*T], lnx[N*T], lin[N*T], coff[N*T], cst[N*T], cseq[N*T];
#define NO 0                    /* ph: not mine */
#define CLAIMED 1
#define FENCED 2
#define STORED 3
#define KNOWN 4
#define RUN 5
#define RECLAIM 6
#define PRELOADED 7
#ifdef V_EARLY                  /* variant: a unit's batch is sent while its commit is under way; EndTxn(commit) only once it is durable */
bit early[N*T];
#define EARLY(i,t) early[X(i,t)]
#define UNEARLY(i,t) early[X(i,t)] = 0
#else
#define EARLY(i,t) false
#define UNEARLY(i,t) skip
#endif
#ifdef M_EARLY_ENDS             /* the transaction is ended although nobody knows whether its batches are durable */
#define NOEARLY(i) true
#else
#define NOEARLY(i) (!EARLY(i,0) && !EARLY(i,1))
#endif
#define NOTBEGUN(i) (!EARLY(i,0) && !EARLY(i,1))
#ifdef V_REPLAY                 /* variant: no state, and markers without content in the outbox; the log holds records in place of sequences */
#if defined(V_KEEP) || B_PUN > 0
#error a task that is replayed has no punctuations; with V_KEEP it is not modelled
#endif
byte go[T], kq[(NID+1)*T];      /* the offset that goes with the progress: of the group; carried by the transaction */
bit  rw[N*T];                   /* resumed from the group's offset, nothing committed since */
byte purged[T];                 /* records 1..purged of the input are gone; cleared as early as anybody may */
byte nidle;
#define REWOUND(i,t) rw[X(i,t)]
#if B_RECORDS > 0
byte oc[T*16], nrec;            /* content of an outbox row; 0: a marker */
bit  wr[N*T], fr[N*T];          /* this claim writes records; nothing committed since it was taken over */
#define UNREWIND(i,t) rw[X(i,t)] = 0; fr[X(i,t)] = 0
#define UNRECORDS(i,t) wr[X(i,t)] = 0
#define FRESH(i,t) fr[X(i,t)]
#define MARKER(t,s) (oc[t*16+(s)] == 0)
#define ROW(i,t,rec) oc[t*16+seqn[t]+1] = (wr[X(i,t)] -> off[t] : 0)
#define NOROW(t,s) oc[t*16+(s)] = 0
#define LEFT(i,t,s) (FRESH(i,t) -> oc[t*16+(s)] : CONTENT(i,t,s))       /* what a predecessor left is sent as it is stored */
#else
#define UNREWIND(i,t) rw[X(i,t)] = 0
#define UNRECORDS(i,t) skip
#define FRESH(i,t) REWOUND(i,t)
#define MARKER(t,s) true
#define ROW(i,t,rec) skip
#define NOROW(t,s) skip
#define LEFT(i,t,s) CONTENT(i,t,s)
#endif
#define CONTENT(i,t,s) (coff[X(i,t)] + (s) - cseq[X(i,t)])      /* what unit s of this owner sends: made from this record */
#define CARRY(i,t,s) kq[myid[i]*T+t] = (REWOUND(i,t) && (s) == cseq[X(i,t)] -> coff[X(i,t)] : CONTENT(i,t,s))
#define PUBLISHED(i,t) (REWOUND(i,t) -> coff[X(i,t)] : CONTENT(i,t,lpub[X(i,t)]))      /* position that is known to be visible */
#define MAYPROCESS(i,t) (!FRESH(i,t) || lpub[X(i,t)] >= cseq[X(i,t)])
#define FORGET(i,t) UNREWIND(i,t); UNRECORDS(i,t); coff[X(i,t)] = 0; cseq[X(i,t)] = 0; lpub[X(i,t)] = 0; lnx[X(i,t)] = 0  /* read again in any case */
#define READOFFSET(i,t,o) coff[X(i,t)] = o
#ifdef M_PURGE_DURABLE
#define PURGE(i,t,p) skip
#define PURGEDURABLE(i,t) purged[t] = (coff[X(i,t)] > purged[t] -> coff[X(i,t)] : purged[t])
#else
#define PURGE(i,t,p) purged[t] = ((p) > purged[t] -> (p) : purged[t])
#define PURGEDURABLE(i,t) skip
#endif
#ifdef M_REPLAY_UNSTABLE
#define STABLE(t) true
#elif N*K == 8 || N*K == 12     /* OffsetFetch with RequireStable: of a released task the last transaction may be decided and not complete */
#define NONEOF(k,t) (kp[(k)*T+t] == 0 && kp[(k+1)*T+t] == 0 && kp[(k+2)*T+t] == 0 && kp[(k+3)*T+t] == 0)
#define STABLE(t) (NONEOF(1,t) && NONEOF(5,t) && NONEOF(N*K-3,t))
#endif
#ifdef M_REPLAY_DB_OFFSET
#define REWINDTO(i,t) coff[X(i,t)] = off[t]
#else
#define REWINDTO(i,t) skip      /* where READOFFSET left it */
#endif
#ifdef M_REPLAY_ONLY_ABOVE
#define MARKED(i,t) (ob[t] >> lpub[X(i,t)])
#else
#define MARKED(i,t) (cseq[X(i,t)] > 0 && ((ob[t] >> (cseq[X(i,t)]-1)) & 1) && MARKER(t,cseq[X(i,t)]))
#endif
#else
#define REWOUND(i,t) false
#define UNREWIND(i,t) skip
#define UNRECORDS(i,t) skip
#define NOROW(t,s) skip
#define LEFT(i,t,s) CONTENT(i,t,s)
#define FORGET(i,t) skip
#define CONTENT(i,t,s) (s)
#define CARRY(i,t,s) skip
#define MAYPROCESS(i,t) true
#define READOFFSET(i,t,o) skip
#define STABLE(t) true
#define PURGEDURABLE(i,t) skip
#endif
byte owner[T];                  /* ghost: last claimer + 1; 0 = released */
#if B_CRASH + B_REL > 0 || B_CLAIMLOST > 0
#define OWN(t,o) owner[t] = o
#define ORPHAN(i,t) (i == N-1 && (owner[t] == 0 || !alive[owner[t]-1]))
#else
#define OWN(t,o) skip
#define ORPHAN(i,t) false
#endif
byte nclaim, ncrash, nlost, nrel, npun, nexp, nclost;
bit halted;                     /* stopped with an error: progress expired while outbox rows exist */
byte j_, s_, m_;                /* scratch, always 0 between steps */

inline settle(t) {              /* a read_committed consumer reads up to the last stable offset */
  do
  :: ln[t] > 0 && li[t*L] == 0 ->
     assert(lq[t*L] == vis[t] + 1);            /* II: each batch once, in order, none missing */
     vis[t]++;
     s_ = 1; do :: s_ < ln[t] -> lq[t*L+s_-1] = lq[t*L+s_]; li[t*L+s_-1] = li[t*L+s_]; s_++ :: else -> break od;
     ln[t]--; lq[t*L+ln[t]] = 0; li[t*L+ln[t]] = 0; s_ = 0
  :: else -> break
  od
}
#define HELD(k) (myid[((k)-1)/K] == (k) && ps[((k)-1)/K] > 0)
inline tidy(k) {                /* an id that its owner has given up and that is at rest: forget its state (canonical form) */
#ifndef M_LATE_INIT
  if :: (k) > 0 && ks[k] == 0 && !kin[k] && !HELD(k) -> kv[k] = 0 :: else fi
#else
  skip
#endif
}
inline mark(k, t) {             /* output marker of id k reaches task t's partition */
  j_ = 0; m_ = 0;
  do
  :: j_ < ln[t] ->
     if
     :: li[t*L+j_] == k && ks[k] == 3 -> skip
     :: li[t*L+j_] == k && ks[k] == 2 -> lq[t*L+m_] = lq[t*L+j_]; li[t*L+m_] = 0; m_++
     :: else -> s_ = lq[t*L+j_]; lq[t*L+m_] = s_; s_ = li[t*L+j_]; li[t*L+m_] = s_; m_++
     fi; j_++
  :: else -> break
  od;
  j_ = m_; do :: j_ < ln[t] -> lq[t*L+j_] = 0; li[t*L+j_] = 0; j_++ :: else -> break od;
  ln[t] = m_; j_ = 0; m_ = 0; s_ = 0;
  settle(t)
}
inline offsets(k, t) {
#ifdef V_REPLAY                 /* the later one counts, as in Kafka */
  if :: ks[k] == 2 && kp[k*T+t] > 0 -> pg[t] = kp[k*T+t]; go[t] = kq[k*T+t] :: else fi; kq[k*T+t] = 0;
#else
  if :: ks[k] == 2 && kp[k*T+t] > 0 && (pg[t] == MISSING || kp[k*T+t] > pg[t]) -> pg[t] = kp[k*T+t] :: else fi;
#endif
  kp[k*T+t] = 0
}
#ifdef M_ASYNC_OFFSETS
bit late[NID+1];
#define LATE(d) || late[d]
#else
#define LATE(d)
#endif
#define REF(d) (rid[0] == d || rid[1] == d || ks[d] != 0 || kin[d] || pred[0] == d || pred[1] == d || pred[2] == d || pred[3] == d || PRED3(d) LATE(d))
#if N == 3
#define PRED3(d) pred[4] == d || pred[5] == d
#else
#define PRED3(d) false
#endif
inline newid(i) {               /* a fresh id: one that nothing refers to any more counts as fresh (keeps the model small) */
  m_ = 1; do :: REF(ID(i,m_)) -> m_++; assert(m_ <= K) :: else -> break od;
  myid[i] = ID(i,m_); m_ = 0; printf("%d: new id %d\n", i, myid[i])
}
inline ready(i) { if :: ps[i] == 0 -> newid(i); kv[myid[i]] = 1; ps[i] = 1 :: else fi }
inline decided(t, s) {          /* m_ = 1 if batch s is (or will surely be) committed */
  m_ = (s <= vis[t]); j_ = 0;
  do
  :: j_ < ln[t] -> if :: lq[t*L+j_] == s && (li[t*L+j_] == 0 || ks[li[t*L+j_]] == 2) -> m_ = 1 :: else fi; j_++
  :: else -> break
  od; j_ = 0
}
#ifdef V_REPLAY
inline count(t) {               /* m_ = how many records' output is (or will surely be) committed */
  m_ = vis[t]; j_ = 0;
  do :: j_ < ln[t] -> if :: li[t*L+j_] == 0 || ks[li[t*L+j_]] == 2 -> m_++ :: else fi; j_++ :: else -> break od; j_ = 0
}
#endif
inline drop(i, t) { ph[X(i,t)] = NO; cur[X(i,t)] = 0; pred[X(i,t)] = 0; lpub[X(i,t)] = 0; lnx[X(i,t)] = 0; lin[X(i,t)] = 0;
  coff[X(i,t)] = 0; cst[X(i,t)] = 0; cseq[X(i,t)] = 0; UNKEEP(i,t); UNEARLY(i,t); UNREWIND(i,t); UNRECORDS(i,t) }
inline again1(i, t) { lin[X(i,t)] = 0; UNKEEP(i,t); UNEARLY(i,t); FORGET(i,t); if :: ph[X(i,t)] >= STORED && ph[X(i,t)] <= RUN -> ph[X(i,t)] = RECLAIM :: else fi }
/* any unknown outcome: every task of the instance claims itself again (compare and swap on its own epoch) */
inline unknown(i) { ps[i] = 0; tidy(myid[i]); myid[i] = 0; again1(i, 0); again1(i, 1) }
#ifdef M_SAME_ID
#define RESENDPH(i,t) lpub[X(i,t)] = pg[t]; lnx[X(i,t)] = pg[t] + 1
#else
#define RESENDPH(i,t) ph[X(i,t)] = FENCED; pred[X(i,t)] = 99
#endif
inline resend1(i, t) {
  lin[X(i,t)] = 0;
  if :: ph[X(i,t)] == RUN -> lnx[X(i,t)] = lpub[X(i,t)] + 1; RESENDPH(i,t)
     :: ph[X(i,t)] == STORED || ph[X(i,t)] == KNOWN -> ph[X(i,t)] = RECLAIM :: else fi
}
inline keep1(i, t) {
  lin[X(i,t)] = 0; UNEARLY(i,t);
  if :: ph[X(i,t)] == RUN -> ph[X(i,t)] = CLAIMED; pred[X(i,t)] = j_; kept[X(i,t)] = 1
     :: ph[X(i,t)] == STORED || ph[X(i,t)] == KNOWN -> ph[X(i,t)] = CLAIMED; pred[X(i,t)] = j_ :: else fi
}
/* the producer is fenced, or EndTxn is unknown */
inline recover(i) {
#if defined(M_SAME_ID)          /* re-initialise the same id, read progress, go on: no look at the database */
  if :: ks[myid[i]] == 0 && !kin[myid[i]] -> kv[myid[i]] = 1; ps[i] = 1; resend1(i, 0); resend1(i, 1);
        printf("%d: InitProducerId(%d) of its own id\n", i, myid[i])
     :: ks[myid[i]] == 1 -> ks[myid[i]] = 3; ko[myid[i]] = 1; kf[myid[i]] = 1; kv[myid[i]] = 2
     :: else -> skip fi         /* CONCURRENT_TRANSACTIONS: try again */
#elif defined(M_NO_REREAD)      /* a new id, but the batch in flight is assumed aborted, progress is not read again */
  ps[i] = 0; resend1(i, 0); resend1(i, 1)
#elif defined(V_KEEP)           /* variant that holds: only the producer failed, so the epoch stays and a RUN task keeps its cache */
  j_ = myid[i]; ps[i] = 0; tidy(j_); myid[i] = 0; keep1(i, 0); keep1(i, 1); j_ = 0
#else
  unknown(i)
#endif
}
inline del(t, upto) {           /* delete outbox rows 1..upto */
  s_ = 1;
  do
  :: s_ <= upto ->
     if :: (ob[t] >> (s_-1)) & 1 ->
#ifndef V_REPLAY
           decided(t, s_); assert(m_ == 1); m_ = 0;   /* V */
#endif
           ob[t] = ob[t] & ~(1 << (s_-1)); NOROW(t, s_) :: else fi; s_++
  :: else -> break
  od; s_ = 0
}
#ifdef M_NO_DB_FENCE
#define MINE(i,t) true
#else
#define MINE(i,t) cur[X(i,t)]
#endif
inline write1(i, t, rec) {      /* one task's part of a group commit: absolute values out of the cache */
  assert(cur[X(i,t)]);                                   /* IV */
#ifdef V_REPLAY
  count(t);
  assert(PUBLISHED(i,t) <= m_);                          /* V: what is deleted was made from records whose output is decided */
  assert(REWOUND(i,t) -> coff[X(i,t)] == m_ : coff[X(i,t)] == off[t]);   /* I: goes on after what is decided, or after its own commit */
  m_ = 0;
#else
  assert(off[t] == coff[X(i,t)] && st[t] == cst[X(i,t)]);        /* I: every record folded once into the true state */
#endif
#ifdef M_DELETE_EARLY           /* deletes what has been sent, not what is known to be committed */
  if :: lin[X(i,t)] > lpub[X(i,t)] -> del(t, lin[X(i,t)]) :: else -> del(t, lpub[X(i,t)]) fi;
#else
  del(t, lpub[X(i,t)]);
#endif
#ifdef V_REPLAY
  off[t] = coff[X(i,t)] + rec; assert(seqn[t] < 14); ROW(i, t, rec);
#else
  off[t] = coff[X(i,t)] + rec; st[t] = cst[X(i,t)] + rec;
#endif
  seqn[t]++; ob[t] = ob[t] | (1 << (seqn[t]-1))
}
#ifdef V_EARLY
inline resent1(i, t) { UNEARLY(i,t); if :: lin[X(i,t)] > 0 -> lin[X(i,t)] = 0; lnx[X(i,t)] = lpub[X(i,t)] + 1 :: else fi }
inline withdraw(i, t) {         /* task t goes: if its batch was sent early, the transaction is aborted, and what was durable in it goes again */
#ifndef M_EARLY_KEEPS
  if
  :: EARLY(i,t) && kv[myid[i]] == 1 && ks[myid[i]] == 1 ->
     printf("%d: EndTxn(%d, abort), batch of t%d was sent early\n", i, myid[i], t);
     ks[myid[i]] = 3; ko[myid[i]] = 1; kf[myid[i]] = 1; ps[i] = 1; resent1(i, 0); resent1(i, 1)
  :: EARLY(i,t) && !(kv[myid[i]] == 1 && ks[myid[i]] == 1) -> recover(i)
  :: else -> skip
  fi
#else
  UNEARLY(i,t)
#endif
}
#define SENT(i,t) if :: EARLY(i,t) -> UNEARLY(i,t); lin[X(i,t)] = cseq[X(i,t)]; lnx[X(i,t)] = cseq[X(i,t)] + 1 :: else fi
#define SENDEARLY(t) \
 :: d_step { alive[i] && DIRTY(i,t) && !halted && !EARLY(i,t) && lnx[X(i,t)] > cseq[X(i,t)] && lin[X(i,0)] == 0 && lin[X(i,1)] == 0 && PRODUCER(i) -> \
      if :: kv[myid[i]] != 1 -> printf("%d: producer %d fenced\n", i, myid[i]); recover(i) \
         :: else -> ks[myid[i]] = 1; ps[i] = 2; \
            assert(ln[t] < L); lq[t*L+ln[t]] = CONTENT(i, t, cseq[X(i,t)] + 1); li[t*L+ln[t]] = myid[i]; ln[t]++; \
            kp[myid[i]*T+t] = cseq[X(i,t)] + 1; CARRY(i, t, cseq[X(i,t)] + 1); early[X(i,t)] = 1; \
            printf("%d: id %d sends t%d batch %d early\n", i, myid[i], t, cseq[X(i,t)] + 1) fi }
#else
#define withdraw(i,t) skip
#define SENT(i,t) skip
#define SENDEARLY(t)
#endif
#ifdef V_REPLAY
inline acked1(i, t, rec) { coff[X(i,t)] = coff[X(i,t)] + rec; cseq[X(i,t)]++; SENT(i,t); UNREWIND(i,t); PURGEDURABLE(i,t) }
#else
inline acked1(i, t, rec) { coff[X(i,t)] = coff[X(i,t)] + rec; cst[X(i,t)] = cst[X(i,t)] + rec; cseq[X(i,t)]++; SENT(i,t) }
#endif
#define DIRTY(i,t) (ph[X(i,t)] == RUN && coff[X(i,t)] < RECORDS(t) && MAYPROCESS(i,t))
/* outcome: 0 acknowledged, 1 committed but not acknowledged, 2 rolled back but not acknowledged */
inline commit1(i, t, rec, outcome) {
  if
  :: !MINE(i,t) -> printf("%d: commit of t%d fenced, dropped\n", i, t); withdraw(i, t); drop(i, t)
  :: else ->
     if :: outcome < 2 -> printf("%d: commit t%d (record %d)\n", i, t, rec); write1(i, t, rec) :: else fi;
     if :: outcome == 0 -> acked1(i, t, rec)
        :: else -> nlost++; printf("%d:   commit outcome unknown (%d)\n", i, outcome); unknown(i) fi
  fi
}
inline load(i, t) {             /* read offsets, state and outbox of the task */
  coff[X(i,t)] = off[t]; cst[X(i,t)] = st[t]; cseq[X(i,t)] = seqn[t]
}
inline first(i, t) {            /* first outbox row after the known progress */
  s_ = lpub[X(i,t)] + 1;
  do :: s_ <= cseq[X(i,t)] && !((ob[t] >> (s_-1)) & 1) -> s_++ :: else -> break od;
  lnx[X(i,t)] = s_; s_ = 0
}
#ifdef V_REPLAY
inline resume(i, t) {           /* a marker is last: from the offset that came with the progress; above it: an empty batch first */
  cseq[X(i,t)] = seqn[t];
  if :: MARKED(i,t) -> rw[X(i,t)] = 1; REWINDTO(i,t) :: else -> coff[X(i,t)] = off[t] fi;
  assert(!cur[X(i,t)] || ob[t] == 0 || lpub[X(i,t)] >= cseq[X(i,t)] || (ob[t] >> lpub[X(i,t)]) & 1);     /* VII: no gap */
#ifdef M_REPLAY_NO_EMPTY
  if :: MARKED(i,t) -> lpub[X(i,t)] = cseq[X(i,t)] :: else fi;
#endif
  lnx[X(i,t)] = cseq[X(i,t)] + 1;
  if :: REWOUND(i,t) && lpub[X(i,t)] < cseq[X(i,t)] -> lnx[X(i,t)] = cseq[X(i,t)] :: else fi;
#if B_RECORDS > 0
  fr[X(i,t)] = 1;
  if :: !REWOUND(i,t) && ob[t] != 0 -> lnx[X(i,t)] = lpub[X(i,t)] + 1 :: else fi;
#endif
  printf("%d: t%d goes on after record %d\n", i, t, coff[X(i,t)]);
  assert(!cur[X(i,t)] || coff[X(i,t)] >= purged[t]);     /* VI: what it has to read is still there */
  PURGE(i, t, PUBLISHED(i,t))
}
#endif
inline claim(i, t) {
  printf("%d: claim t%d\n", i, t);
  cur[X(0,t)] = 0; cur[X(1,t)] = 0; cur[X(N-1,t)] = 0; cur[X(i,t)] = 1;
  pred[X(i,t)] = rid[t]; OWN(t, i+1); ph[X(i,t)] = CLAIMED;
#ifdef M_CLAIM_OVERWRITES
  rid[t] = myid[i]
#endif
#ifdef M_PROGRESS_FIRST
  ; lpub[X(i,t)] = pg[t]; READOFFSET(i, t, go[t])
#endif
}
#ifdef M_CLAIM_OVERWRITES
#define READYTOCLAIM(i) ready(i)
#else
#define READYTOCLAIM(i) skip
#endif
/* the first claim is instance 1's of t0 (instances without tasks and the two tasks are symmetric) */
#define ASSIGN(i,t) (ph[X(i,t)] == NO && (B_CRASH > 0 || B_REL > 0 || nclaim > 0 || (t == 0 && i == 1)) && (nclaim < B_CLAIM || ORPHAN(i,t)))
inline charge(i, t) { if :: ORPHAN(i,t) -> skip :: else -> nclaim++ fi }

inline init_pred(i, t) {        /* InitProducerId on the predecessor's id, until it answers */
  if
  :: ks[pred[X(i,t)]] == 1 -> kv[pred[X(i,t)]] = 2; ks[pred[X(i,t)]] = 3; ko[pred[X(i,t)]] = 1; kf[pred[X(i,t)]] = 1;
     printf("%d: InitProducerId(%d) aborts, to be retried\n", i, pred[X(i,t)])
  :: ks[pred[X(i,t)]] == 0 -> kv[pred[X(i,t)]] = 2; printf("%d: InitProducerId(%d) done\n", i, pred[X(i,t)]);
     tidy(pred[X(i,t)]); ph[X(i,t)] = FENCED; pred[X(i,t)] = 0
  fi
}
#ifdef M_STORE_UNCHECKED
#define STOREOK(i,t) true
#else
#define STOREOK(i,t) cur[X(i,t)]
#endif
#if defined(M_PUNCT)
#define CARRIES(t,s) ((pun[t] >> (s)) & 1) == 0
byte pun[T];
#elif defined(M_ONE_SOURCE)
#define CARRIES(t,s) ((s) % 2 == 1)
#else
#define CARRIES(t,s) true
#endif

inline endtxn(i) {              /* the broker's side: commit is decided here */
  ks[myid[i]] = 2; ko[myid[i]] = 1; kf[myid[i]] = 1
}
#define INTX(i) (kv[myid[i]] == 1 && ks[myid[i]] == 1)
inline lostend(i) {
#if defined(M_UNKNOWN_IS_FAILED)
  ps[i] = 0; resend1(i, 0); resend1(i, 1)
#elif defined(M_UNKNOWN_IS_OK)
  published(i, 0); published(i, 1); ps[i] = 1
#else
  recover(i)
#endif
}
#ifdef V_REPLAY
inline published(i, t) { if :: lin[X(i,t)] > 0 -> lpub[X(i,t)] = lin[X(i,t)]; lin[X(i,t)] = 0; PURGE(i, t, PUBLISHED(i,t)) :: else fi }
#else
inline published(i, t) { if :: lin[X(i,t)] > 0 -> lpub[X(i,t)] = lin[X(i,t)]; lin[X(i,t)] = 0 :: else fi }
#endif

#define TASKSTEPS(t) \
 :: d_step { alive[i] && !halted && ASSIGN(i,t) CLAIMSRC(t) -> charge(i, t); READYTOCLAIM(i); claim(i, t) } \
 :: d_step { alive[i] && !halted && ASSIGN(i,t) && nclost < B_CLAIMLOST CLAIMSRC(t) -> nclost++; charge(i, t); READYTOCLAIM(i); claim(i, t); \
      printf("%d:   claim acknowledgement lost\n", i); drop(i, t); OWN(t, 0) } \
 :: d_step { alive[i] && ph[X(i,t)] == RECLAIM -> \
      if :: cur[X(i,t)] -> READYTOCLAIM(i); claim(i, t) :: else -> printf("%d: t%d lost, dropped\n", i, t); drop(i, t) fi } \
 :: d_step { alive[i] && ph[X(i,t)] == CLAIMED && NOFENCE(i,t) -> ph[X(i,t)] = FENCED; pred[X(i,t)] = 0 } \
 :: d_step { alive[i] && ph[X(i,t)] == CLAIMED && !(NOFENCE(i,t)) && ks[pred[X(i,t)]] <= 1 -> \
      SELFFENCE(i,t); init_pred(i, t) } \
 :: d_step { alive[i] && ph[X(i,t)] == FENCED -> \
      if :: STOREOK(i,t) -> STOREINIT(i); STOREID(i,t); \
            if :: pred[X(i,t)] == 99 -> pred[X(i,t)] = 0; ph[X(i,t)] = RUN :: else -> ph[X(i,t)] = STORED fi \
         :: else -> drop(i, t) fi } \
 :: d_step { alive[i] && ph[X(i,t)] == STORED && !halted && STABLE(t) -> \
      if :: NOPROG -> skip \
         :: else -> if :: pg[t] == MISSING && (EXPZERO || ob[t] == 0) -> lpub[X(i,t)] = 0; READOFFSET(i, t, 0) \
                       :: pg[t] == MISSING && !(EXPZERO || ob[t] == 0) -> halted = 1; printf("%d: stops, progress expired\n", i) \
                       :: else -> lpub[X(i,t)] = pg[t]; READOFFSET(i, t, go[t]) fi fi; \
      printf("%d: t%d progress %d\n", i, t, lpub[X(i,t)]); ph[X(i,t)] = KNOWN } \
 :: d_step { alive[i] && ph[X(i,t)] == KNOWN && !halted -> TAKEUP(i, t); ph[X(i,t)] = RUN } \
 :: d_step { alive[i] && DIRTY(i,t) && !halted -> commit1(i, t, 1, 0) } \
 :: d_step { alive[i] && DIRTY(i,t) && !halted && nlost < B_LOST && MINE(i,t) -> commit1(i, t, 1, 1) } \
 :: d_step { alive[i] && DIRTY(i,t) && !halted && nlost < B_LOST && MINE(i,t) -> commit1(i, t, 1, 2) } \
 :: d_step { alive[i] && ph[X(i,t)] == RUN && npun < B_PUN && !halted && !EARLY(i,t) -> npun++; PUNSET(t); commit1(i, t, 0, 0) } \
 :: d_step { alive[i] && ph[X(i,t)] == RUN && !halted && lnx[X(i,t)] <= cseq[X(i,t)] && NOTBEGUN(i) && PRODUCER(i) -> \
      LAZYINIT(i); \
      if :: kv[myid[i]] != 1 -> printf("%d: producer %d fenced\n", i, myid[i]); recover(i) \
         :: else -> ks[myid[i]] = 1; ps[i] = 2; \
            if :: REWOUND(i,t) -> printf("%d: batch is empty\n", i) \
               :: else -> assert(ln[t] < L); lq[t*L+ln[t]] = LEFT(i, t, lnx[X(i,t)]); li[t*L+ln[t]] = myid[i]; ln[t]++ fi; \
            if :: CARRIES(t, lnx[X(i,t)]) -> kp[myid[i]*T+t] = lnx[X(i,t)]; CARRY(i, t, lnx[X(i,t)]) :: else fi; \
            printf("%d: id %d sends t%d batch %d\n", i, myid[i], t, lnx[X(i,t)]); \
            lin[X(i,t)] = lnx[X(i,t)]; lnx[X(i,t)]++ fi } \
 :: d_step { alive[i] && ph[X(i,t)] == RUN && nrel < B_REL && RELGUARD(i,t) && !EARLY(i,t) -> nrel++; \
      if :: cur[X(i,t)] -> printf("%d: releases t%d\n", i, t); RELDEL(i,t); rid[t] = 0; OWN(t, 0) :: else fi; drop(i, t) } \
 PRELOAD(t) STORELATE(t) IDLECHECK(t) SENDEARLY(t) IDLECOMMIT(t) DELETES(t) RECORDMODE(t)

#ifdef V_REPLAY
#define TAKEUP(i,t) resume(i, t)
#define IDLECOMMIT(t) :: d_step { alive[i] && ph[X(i,t)] == RUN && !halted && nidle < B_IDLE && lpub[X(i,t)] == cseq[X(i,t)] && ob[t] != 0 && !EARLY(i,t) && MINE(i,t) -> \
      nidle++; printf("%d: t%d writes its position %d and deletes\n", i, t, coff[X(i,t)]); del(t, lpub[X(i,t)]); off[t] = coff[X(i,t)]; UNREWIND(i,t) }
#else
#define TAKEUP(i,t) LOAD(i, t); first(i, t)
#define IDLECOMMIT(t)
#endif
#if B_RECORDS > 0
#ifdef M_REPLAY_MIXES           /* whatever else this claim has written */
#define MODEGUARD(i,t) true
#else
#define MODEGUARD(i,t) fr[X(i,t)]
#endif
#define RECORDMODE(t) :: d_step { alive[i] && ph[X(i,t)] == RUN && !halted && nrec < B_RECORDS && !wr[X(i,t)] && MODEGUARD(i,t) && !EARLY(i,t) -> \
      nrec++; wr[X(i,t)] = 1; printf("%d: t%d writes records from now on\n", i, t) }
#else
#define RECORDMODE(t)
#endif
#ifdef M_REPLAY_DELETES         /* markers that count as published are deleted, positions come with the next commit */
#define DELETES(t) :: d_step { alive[i] && ph[X(i,t)] == RUN && !halted && REWOUND(i,t) && lpub[X(i,t)] >= cseq[X(i,t)] && ob[t] != 0 && cur[X(i,t)] -> \
      printf("%d: t%d deletes markers\n", i, t); ob[t] = 0 }
#else
#define DELETES(t)
#endif
#ifdef M_STORE_LATE             /* publishes under the new id before the row names it */
#define STOREID(i,t) skip
#define STORELATE(t) :: d_step { alive[i] && ph[X(i,t)] == RUN && cur[X(i,t)] && rid[t] != myid[i] && ps[i] > 0 -> rid[t] = myid[i]; printf("%d: t%d stores id %d\n", i, t, myid[i]) }
#else
#define STOREID(i,t) printf("%d: t%d stores id %d\n", i, t, myid[i]); rid[t] = myid[i]
#define STORELATE(t)
#endif
#ifdef M_NO_IDLE_CHECK
#define IDLECHECK(t)
#else                           /* an owner with nothing to write looks at its row now and then (only modelled where liveness needs it) */
#define IDLECHECK(t) :: d_step { alive[i] && ph[X(i,t)] != NO && !cur[X(i,t)] && !EARLY(i,t) && ORPHAN(i,t) -> printf("%d: idle check: t%d is no longer mine\n", i, t); drop(i, t) }
#endif
#ifdef M_SAME_ID
#define SELFFENCE(i,t) skip
#else
#define SELFFENCE(i,t) if :: pred[X(i,t)] == myid[i] && ps[i] > 0 -> recover(i) :: else fi
#endif
#ifdef M_CLAIM_SNAPSHOT         /* offsets read by the snapshot that the claim's statement took before it waited for the row lock */
#define CLAIMSRC(t) && false
#define PRELOAD(t) \
 :: d_step { alive[i] && !halted && ASSIGN(i,t) -> charge(i, t); load(i, t); ph[X(i,t)] = PRELOADED } \
 :: d_step { alive[i] && ph[X(i,t)] == PRELOADED -> claim(i, t) }
#define LOAD(i,t) if :: coff[X(i,t)] == 0 && cseq[X(i,t)] == 0 && pred[X(i,t)] == 98 -> load(i,t) :: else fi
#else
#define CLAIMSRC(t)
#define PRELOAD(t)
#define LOAD(i,t) if :: KEPT(i,t) -> skip :: else -> load(i,t) fi; UNKEEP(i,t)
#endif
#ifdef M_NO_KAFKA_FENCE
#define NOFENCE(i,t) true
#elif defined(M_NO_OWN_FENCE)
#define NOFENCE(i,t) (pred[X(i,t)] == 0 || (pred[X(i,t)] > i*K && pred[X(i,t)] <= i*K+K))
#else
#define NOFENCE(i,t) (pred[X(i,t)] == 0)
#endif
#ifdef M_LATE_INIT              /* the row names an id that is initialised only by the first transaction, as kafkajs does */
#define STOREINIT(i) if :: ps[i] == 0 -> newid(i); kv[myid[i]] = 0; ps[i] = 3 :: else fi
#define PRODUCER(i) (ps[i] > 0 && (ks[myid[i]] == 0 || (ps[i] == 2 && (kv[myid[i]] != 1 || ks[myid[i]] == 1))))
#define LAZYINIT(i) if :: ps[i] == 3 -> kv[myid[i]] = 1; ps[i] = 1; printf("%d: first InitProducerId(%d)\n", i, myid[i]) :: else fi
#else
#define STOREINIT(i) ready(i)  /* one step with the store: before it nobody else knows the id */
#define PRODUCER(i) (ps[i] > 0 && (kv[myid[i]] != 1 || ks[myid[i]] == 0 || (ps[i] == 2 && ks[myid[i]] == 1)))
#define LAZYINIT(i) skip
#endif
#ifdef M_PROGRESS_FIRST
#define NOPROG true
#else
#define NOPROG false
#endif
#ifdef M_EXPIRED_IS_ZERO
#define EXPZERO true
#else
#define EXPZERO false
#endif
#ifdef M_PUNCT
#define PUNSET(t) pun[t] = pun[t] | (1 << (cseq[X(i,t)] + 1))
#else
#define PUNSET(t) skip
#endif
#if defined(M_RELEASE_EARLY)
#define RELGUARD(i,t) true
#define RELDEL(i,t) del(t, lpub[X(i,t)])
#elif defined(M_RELEASE_KEEPS_ROWS)
#define RELGUARD(i,t) (lin[X(i,t)] == 0 && lpub[X(i,t)] == cseq[X(i,t)])
#define RELDEL(i,t) skip
#elif defined(V_REPLAY) && !defined(M_REPLAY_RELEASE)   /* a marker stays that no commit has deleted with new positions */
#define RELGUARD(i,t) (lin[X(i,t)] == 0 && lnx[X(i,t)] > cseq[X(i,t)])
#define RELDEL(i,t) if :: REWOUND(i,t) -> skip :: else -> del(t, cseq[X(i,t)]) fi
#else
#define RELGUARD(i,t) (lin[X(i,t)] == 0 && lnx[X(i,t)] > cseq[X(i,t)])
#define RELDEL(i,t) del(t, cseq[X(i,t)])
#endif

proctype instance(byte i) {
  do
  TASKSTEPS(0)
  TASKSTEPS(1)
  /* group commit of both tasks: fewer rows than tasks -> roll back, drop the fenced */
  :: d_step { alive[i] && DIRTY(i,0) && DIRTY(i,1) && !halted ->
       if
       :: MINE(i,0) && MINE(i,1) -> printf("%d: commit t0 and t1\n", i); write1(i, 0, 1); write1(i, 1, 1); acked1(i, 0, 1); acked1(i, 1, 1)
       :: else -> if :: !MINE(i,0) -> withdraw(i, 0); drop(i, 0) :: else fi; if :: !MINE(i,1) -> withdraw(i, 1); drop(i, 1) :: else fi
       fi }
  :: d_step { alive[i] && DIRTY(i,0) && DIRTY(i,1) && !halted && nlost < B_LOST && MINE(i,0) && MINE(i,1) ->
       nlost++; printf("%d: commit t0 and t1, acknowledgement lost\n", i); write1(i, 0, 1); write1(i, 1, 1); unknown(i) }
  /* EndTxn */
  :: d_step { alive[i] && ps[i] == 2 && !INTX(i) -> printf("%d: EndTxn fenced\n", i);
#ifdef M_UNKNOWN_IS_OK
       published(i, 0); published(i, 1);
#endif
       recover(i) }
  :: d_step { alive[i] && ps[i] == 2 && INTX(i) && NOEARLY(i) -> endtxn(i); printf("%d: EndTxn(%d) committed\n", i, myid[i]);
       published(i, 0); published(i, 1); ps[i] = 1 }
  :: d_step { alive[i] && ps[i] == 2 && INTX(i) && NOEARLY(i) && nlost < B_LOST -> nlost++; endtxn(i);
       printf("%d: EndTxn(%d) committed, acknowledgement lost\n", i, myid[i]); lostend(i) }
  :: d_step { alive[i] && ps[i] == 2 && INTX(i) && NOEARLY(i) && nlost < B_LOST -> nlost++; kin[myid[i]] = 1;
       printf("%d: EndTxn(%d) is late, given up\n", i, myid[i]); lostend(i) }
  :: d_step { alive[i] && ps[i] == 2 && INTX(i) && NOEARLY(i) && nlost < B_LOST -> nlost++;
       printf("%d: offset commit rejected, EndTxn(%d, abort)\n", i, myid[i]);
       ks[myid[i]] = 3; ko[myid[i]] = 1; kf[myid[i]] = 1; recover(i) }
  :: d_step { alive[i] && i < N-1 && ncrash < B_CRASH -> ncrash++; alive[i] = 0; ps[i] = 0; myid[i] = 0;
       printf("%d: crash\n", i); drop(i, 0); drop(i, 1) }
  od
}

#ifdef M_ASYNC_OFFSETS          /* old group coordinator: the offsets become readable some time after the transaction is complete */
#define COMPLETE(k) (ko[k] == 0)
#else
#define COMPLETE(k) (ko[k] == 0 && kf[k] == 0)
#endif
#define BROKER(k) \
 :: d_step { ks[k] >= 2 && ko[k] -> mark(k, 0); mark(k, 1); ko[k] = 0; if :: COMPLETE(k) && !kf[k] -> ks[k] = 0; tidy(k) :: else fi } \
 :: d_step { ks[k] >= 2 && kf[k] ASYNC(k) -> offsets(k, 0); offsets(k, 1); kf[k] = 0; if :: ko[k] == 0 -> ks[k] = 0; tidy(k) :: else fi } \
 :: d_step { ks[k] == 1 && nlost < B_LOST -> nlost++; printf("broker: transaction of %d timed out\n", k); \
      kv[k] = 2; ks[k] = 3; ko[k] = 1; kf[k] = 1 } \
 :: d_step { kin[k] -> kin[k] = 0; if :: kv[k] == 1 && ks[k] == 1 -> ks[k] = 2; ko[k] = 1; kf[k] = 1; \
      printf("broker: late EndTxn of %d arrives\n", k) :: else fi; tidy(k) } ASYNC2(k)
#ifdef M_ASYNC_OFFSETS
#define ASYNC(k) && ks[k] == 2 && !late[k]
#define ASYNC2(k) \
 :: d_step { ks[k] == 3 && kf[k] && !late[k] -> kp[k*T] = 0; kp[k*T+1] = 0; kf[k] = 0; if :: ko[k] == 0 -> ks[k] = 0 :: else fi } \
 :: d_step { ks[k] == 2 && !ko[k] && kf[k] && !late[k] -> late[k] = 1; kf[k] = 0; ks[k] = 0 } \
 :: d_step { late[k] -> if :: kp[k*T] > pg[0] -> pg[0] = kp[k*T] :: else fi; if :: kp[k*T+1] > pg[1] -> pg[1] = kp[k*T+1] :: else fi; \
      kp[k*T] = 0; kp[k*T+1] = 0; late[k] = 0 }
#else
#define ASYNC(k)
#define ASYNC2(k)
#endif
#define IDLE(i) (!alive[i] || (ph[X(i,0)] == NO && ph[X(i,1)] == NO))

active proctype broker() {
  byte k;
  atomic {                      /* start: instance 0 owns and runs both tasks under its first id; progress 0 is committed */
    alive[0] = 1; alive[1] = 1; alive[N-1] = 1;
    myid[0] = ID(0,1); ps[0] = 1; kv[ID(0,1)] = 1;
    cur[0] = 1; cur[1] = 1; rid[0] = ID(0,1); rid[1] = ID(0,1); OWN(0, 1); OWN(1, 1);
    ph[0] = RUN; ph[1] = RUN; lnx[0] = 1; lnx[1] = 1;
    run instance(0); run instance(1);
#if N == 3
    run instance(2);
#endif
  }
  do
  BROKER(1) BROKER(2) BROKER(3)
#if N*K >= 4
  BROKER(4)
#endif
#if N*K >= 6
  BROKER(5) BROKER(6)
#endif
#if N*K >= 8
  BROKER(7) BROKER(8)
#endif
#if N*K >= 9
  BROKER(9)
#endif
#if N*K >= 12
  BROKER(10) BROKER(11) BROKER(12)
#endif
  :: d_step { nexp < B_EXP && !alive[0] && IDLE(1) && IDLE(N-1) -> nexp++; pg[0] = MISSING; pg[1] = MISSING; printf("offsets expire\n") }
  od
}

active proctype end_check() {   /* III: when nothing can move any more, everything is processed and visible */
  end: do
  :: atomic { timeout ->
#ifdef V_REPLAY
       assert(halted || (off[0] == R && off[1] == R1 && vis[0] == R && vis[1] == R1 && ln[0] == 0 && ln[1] == 0)); break }
#else
       assert(halted || (off[0] == R && off[1] == R1 && st[0] == R && st[1] == R1 && vis[0] == seqn[0] && vis[1] == seqn[1]
              && ln[0] == 0 && ln[1] == 0)); break }
#endif
  od;
  end2: false
}
