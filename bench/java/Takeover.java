import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** Counts records by key, and says when this process has its first probe: when, which one, and the count of probes with it. */
final class Takeover {
  private static final String STORE = "counts";
  private static final AtomicBoolean isFirst = new AtomicBoolean(true);

  private Takeover() {}

  public static void main(String[] args) throws Exception {
    StreamsBuilder builder = new StreamsBuilder();
    var counts = Stores.persistentKeyValueStore(STORE);
    // Caching, as the operators of the DSL have it by default.
    builder.addStateStore(
        Stores.keyValueStoreBuilder(counts, Serdes.String(), Serdes.Long()).withCachingEnabled());
    builder
        .stream(System.getProperty("input"), Consumed.with(Serdes.String(), Serdes.String()))
        .process(CountProbes::new, STORE)
        .to(System.getProperty("output"), Produced.with(Serdes.String(), Serdes.Long()));
    Application.run(builder.build());
  }

  private static final class CountProbes implements Processor<String, String, String, Long> {
    private ProcessorContext<String, Long> context;
    private KeyValueStore<String, Long> counts;

    @Override
    public void init(ProcessorContext<String, Long> context) {
      this.context = context;
      counts = context.getStateStore(STORE);
    }

    @Override
    public void process(Record<String, String> record) {
      Long before = counts.get(record.key());
      long count = before == null ? 1 : before + 1;
      if (record.key().equals(ProduceProbes.PROBE) && isFirst.compareAndSet(true, false)) {
        Report.event("first",
            "at", System.currentTimeMillis(), "sequence", record.value(), "count", count);
      }
      counts.put(record.key(), count);
      context.forward(record.withValue(count));
    }
  }
}
