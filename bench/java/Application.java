import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.ThreadMetadata;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.FailOnInvalidTimestamp;

/** A topology in Kafka Streams: exactly_once_v2, all else as it comes. */
final class Application {
  private static final AtomicBoolean hasStarted = new AtomicBoolean();

  private Application() {}

  /** Runs until the harness closes standard input. */
  static void run(Topology topology) throws Exception {
    KafkaStreams streams = new KafkaStreams(topology, config());
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
    if (Boolean.getBoolean("isPaused")) startPaused(streams);
    else streams.start();
    Report.endWithHarness();
    // By default the others wait for the end of its session.
    streams.close(
        CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
  }

  /**
   * Idle until the harness says otherwise, warm-up replicas included. It is told what has been restored by then, and how many tasks
   * have come already; where the state says that one is on its way, that one too: of tasks that are not restored nothing tells.
   */
  private static void startPaused(KafkaStreams streams) throws Exception {
    RestoredRecords restored = new RestoredRecords();
    streams.setGlobalStateRestoreListener(restored.ofActiveTasks());
    streams.setStandbyUpdateListener(restored.ofWarmUps());
    streams.pause();
    streams.start();
    Report.awaitHarness();
    long before = restored.count();
    long tasks = streams.state() == KafkaStreams.State.RUNNING ? 0 : 1;
    for (ThreadMetadata thread : streams.metadataForLocalThreads()) {
      tasks += thread.activeTasks().size();
    }
    streams.resume();
    Report.event("resumed", "restored", before, "tasks", tasks);
  }

  /** All threads run, or the first of them has a record already. */
  private static void started() {
    if (hasStarted.compareAndSet(false, true)) {
      Report.event("running", "at", System.currentTimeMillis());
    }
  }

  /** The default, which sees a record before any other part of the topology. */
  public static final class FirstRecord extends FailOnInvalidTimestamp {
    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
      if (!hasStarted.get()) started();
      return super.extract(record, partitionTime);
    }
  }

  private static Properties config() {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, System.getProperty("application"));
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, System.getProperty("brokers"));
    config.put(StreamsConfig.STATE_DIR_CONFIG, System.getProperty("state"));
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, Integer.getInteger("threads"));
    config.put(StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, FirstRecord.class);
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    putIfSaid(config, StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, "commitIntervalMs");
    putIfSaid(config, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "sessionTimeoutMs");
    putIfSaid(config, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, "heartbeatIntervalMs");
    return config;
  }

  private static void putIfSaid(Properties config, String name, String property) {
    Integer value = Integer.getInteger(property);
    if (value != null) config.put(name, value);
  }
}
