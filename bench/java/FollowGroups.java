import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.LongDeserializer;

/** Waits until the counts of all keys, whatever they are, add up to the records. Fails when one does not grow. */
final class FollowGroups extends OutputReader<Long> {
  private final Map<String, Long> latest = new HashMap<>();
  private long missing = Integer.getInteger("records");

  public static void main(String[] args) {
    new FollowGroups().run(new LongDeserializer());
  }

  @Override
  void add(ConsumerRecord<String, Long> record) {
    Long before = latest.put(record.key(), record.value());
    long growth = record.value() - (before == null ? 0 : before);
    missing -= growth;
    if (growth <= 0 || missing < 0) fail(record.key() + " came as " + record.value() + " after " + before);
  }

  @Override
  boolean isComplete() {
    return missing == 0;
  }

  @Override
  long distinct() {
    return latest.size();
  }
}
