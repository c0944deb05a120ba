import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;

/** Joins each record with the row of its key. */
final class TableJoin {
  private TableJoin() {}

  public static void main(String[] args) throws Exception {
    StreamsBuilder builder = new StreamsBuilder();
    var strings = Consumed.with(Serdes.String(), Serdes.String());
    var table = builder.table(System.getProperty("other"), strings, Materialized.as("rows"));
    builder
        .stream(System.getProperty("input"), strings)
        .join(table, (record, row) -> record + row)
        .to(System.getProperty("output"), Produced.with(Serdes.String(), Serdes.String()));
    Application.run(builder.build());
  }
}
