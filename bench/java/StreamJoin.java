import java.time.Duration;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.StreamJoined;

/** Joins records of two streams with the same key that are no more than five minutes apart. */
final class StreamJoin {
  private StreamJoin() {}

  public static void main(String[] args) throws Exception {
    StreamsBuilder builder = new StreamsBuilder();
    var strings = Consumed.with(Serdes.String(), Serdes.String());
    builder
        .stream(System.getProperty("input"), strings)
        .join(
            builder.stream(System.getProperty("other"), strings),
            (left, right) -> left + right,
            JoinWindows.ofTimeDifferenceAndGrace(Duration.ofMinutes(5), Duration.ofMinutes(1)),
            StreamJoined.with(Serdes.String(), Serdes.String(), Serdes.String()))
        .to(System.getProperty("output"), Produced.with(Serdes.String(), Serdes.String()));
    Application.run(builder.build());
  }
}
