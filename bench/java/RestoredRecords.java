import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StandbyUpdateListener;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.processor.TaskId;

/** Counts the records of changelogs that a process has put into its stores, and says when a task's store is restored. */
final class RestoredRecords {
  private final AtomicLong count = new AtomicLong();

  long count() {
    return count.get();
  }

  StateRestoreListener ofActiveTasks() {
    return new StateRestoreListener() {
      @Override
      public void onRestoreStart(TopicPartition partition, String store, long start, long end) {}

      @Override
      public void onBatchRestored(TopicPartition partition, String store, long end, long records) {
        count.addAndGet(records);
      }

      @Override
      public void onRestoreEnd(TopicPartition partition, String store, long total) {
        Report.event("restored", "at", System.currentTimeMillis(), "records", count.get());
      }
    };
  }

  /** A warm-up replica is a standby. */
  StandbyUpdateListener ofWarmUps() {
    return new StandbyUpdateListener() {
      @Override
      public void onUpdateStart(TopicPartition partition, String store, long start) {}

      @Override
      public void onBatchLoaded(
          TopicPartition partition, String store, TaskId task, long at, long records, long end) {
        count.addAndGet(records);
      }

      @Override
      public void onUpdateSuspended(
          TopicPartition partition, String store, long stored, long end, SuspendReason reason) {}
    };
  }
}
