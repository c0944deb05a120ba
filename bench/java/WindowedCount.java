import java.time.Duration;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.TimeWindows;

/** Counts records by key and minute. */
final class WindowedCount {
  private WindowedCount() {}

  public static void main(String[] args) throws Exception {
    StreamsBuilder builder = new StreamsBuilder();
    builder
        .stream(System.getProperty("input"), Consumed.with(Serdes.String(), Serdes.String()))
        .groupByKey(Grouped.with(Serdes.String(), Serdes.String()))
        .windowedBy(TimeWindows.ofSizeAndGrace(Duration.ofMinutes(1), Duration.ofMinutes(10)))
        .count(Materialized.as("counts"))
        .toStream((windowed, count) -> windowed.key() + "@" + windowed.window().start())
        .to(System.getProperty("output"), Produced.with(Serdes.String(), Serdes.Long()));
    Application.run(builder.build());
  }
}
