/** Tells the harness what has happened: one JSON object a line on standard output. */
final class Report {
  private Report() {}

  /** Fields alternate names and numbers or texts that need no escaping. */
  static void event(String name, Object... fields) {
    StringBuilder line = new StringBuilder("{\"event\":\"" + name + "\"");
    for (int i = 0; i < fields.length; i += 2) {
      Object value = fields[i + 1];
      String json = value instanceof Number ? value.toString() : "\"" + value + "\"";
      line.append(",\"").append(fields[i]).append("\":").append(json);
    }
    System.out.println(line.append('}'));
  }

  /** Waits for a line of the harness. */
  static void awaitHarness() throws java.io.IOException {
    int read;
    do read = System.in.read();
    while (read >= 0 && read != '\n');
  }

  /** Ends this process when the harness closes its standard input, or is gone. */
  static void endWithHarness() throws java.io.IOException {
    while (System.in.read() >= 0) {
      // What is said does not matter.
    }
  }
}
