import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;

/** The word count of services/example-wordcount in Kafka Streams: exactly_once_v2, all else as it comes. */
final class WordCount {
  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");
  private static final AtomicBoolean hasStarted = new AtomicBoolean();

  private WordCount() {}

  public static void main(String[] args) throws Exception {
    KafkaStreams streams = new KafkaStreams(topology(), config());
    streams.setStateListener(
        (state, before) -> {
          if (state == KafkaStreams.State.RUNNING) started();
        });
    streams.setUncaughtExceptionHandler(
        error -> {
          error.printStackTrace();
          Runtime.getRuntime().halt(1);
          return StreamThreadExceptionResponse.SHUTDOWN_APPLICATION;
        });
    streams.start();
    Report.endWithHarness();
    streams.close();
  }

  private static Topology topology() {
    StreamsBuilder builder = new StreamsBuilder();
    builder
        .stream(System.getProperty("input"), Consumed.with(Serdes.String(), Serdes.String()))
        .flatMapValues(WordCount::wordsOf)
        .groupBy((key, word) -> word, Grouped.with("words", Serdes.String(), Serdes.String()))
        .count(Materialized.as("counts"))
        .toStream()
        .to(System.getProperty("output"), Produced.with(Serdes.String(), Serdes.Long()));
    return builder.build();
  }

  private static Iterable<String> wordsOf(String line) {
    if (!hasStarted.get()) started();
    List<String> words = Arrays.asList(NO_WORD.split(line.toLowerCase(Locale.ROOT)));
    // Only the first one can be empty.
    return words.get(0).isEmpty() ? words.subList(1, words.size()) : words;
  }

  /** All threads run, or the first of them has a record already. */
  private static void started() {
    if (hasStarted.compareAndSet(false, true)) {
      Report.event("running", "at", System.currentTimeMillis());
    }
  }

  private static Properties config() {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, System.getProperty("application"));
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, System.getProperty("brokers"));
    config.put(StreamsConfig.STATE_DIR_CONFIG, System.getProperty("state"));
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, Integer.getInteger("threads"));
    Integer commitIntervalMs = Integer.getInteger("commitIntervalMs");
    if (commitIntervalMs != null) config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, commitIntervalMs);
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    return config;
  }
}
