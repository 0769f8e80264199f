/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vmallocfleet.agent.vmallocinfo.VmallocinfoUnavailable.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VmallocinfoReaderTest {

  private static final Path PROC = VmallocinfoReader.VMALLOCINFO;
  private static final int PLENTY = 1 << 20;
  private static final String CAPTURE = Captures.bundled("x86_64_6.18_kptr1_real_rebased.txt");

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 512, 4096, 1 << 20})
  void joins_reads_that_end_at_any_byte(int mostAtOnce) throws IOException {
    KernelFile file = new KernelFile(CAPTURE, mostAtOnce);
    try (VmallocinfoReader reader = reader(path -> file)) {
      reader.read();

      assertThat(text(reader)).isEqualTo(CAPTURE);
    }
  }

  @Test
  void seeks_to_the_start_instead_of_opening_again() throws IOException {
    int[] opened = {0};
    KernelFile file = new KernelFile(CAPTURE, 4096);
    try (VmallocinfoReader reader = reader(path -> file.openedBy(() -> opened[0]++))) {
      reader.read();
      file.content = "0xf1000000-0xf1002000    8192\n";
      reader.read();

      assertThat(text(reader)).isEqualTo("0xf1000000-0xf1002000    8192\n");
      assertThat(opened[0]).isEqualTo(1);
    }
    assertThat(file.open).isFalse();
  }

  @Test
  void says_that_root_is_needed_instead_of_showing_no_areas() {
    assertUnavailable(
        path -> {
          throw new AccessDeniedException(path.toString());
        },
        Reason.ACCESS_DENIED,
        "/proc/vmallocinfo is readable by root only (mode 0400): run as root or give the agent"
            + " CAP_DAC_READ_SEARCH and CAP_SYSLOG");
  }

  @Test
  void says_so_too_when_a_security_module_refuses() {
    assertUnavailable(
        path -> {
          throw new FileSystemException(path.toString(), null, "Operation not permitted");
        },
        Reason.ACCESS_DENIED,
        "/proc/vmallocinfo is readable by root only (mode 0400): run as root or give the agent"
            + " CAP_DAC_READ_SEARCH and CAP_SYSLOG");
  }

  @Test
  void says_that_the_file_is_missing() {
    assertUnavailable(
        path -> {
          throw new NoSuchFileException(path.toString());
        },
        Reason.NOT_FOUND,
        "/proc/vmallocinfo does not exist: /proc is not mounted here, a sandbox hides it, or the"
            + " path is wrong; mount the host's /proc, or check the path");
  }

  @Test
  void says_that_only_linux_has_the_file() {
    VmallocinfoReader.Opener missing =
        path -> {
          throw new NoSuchFileException(path.toString());
        };

    try (VmallocinfoReader reader = new VmallocinfoReader(PROC, PLENTY, missing, "Mac OS X")) {
      assertThatThrownBy(reader::read)
          .hasMessage(
              "/proc/vmallocinfo does not exist, because this is Mac OS X: only Linux kernels print"
                  + " it; run on Linux, or name a file captured there")
          .extracting(e -> ((VmallocinfoUnavailable) e).reason())
          .isEqualTo(Reason.NOT_LINUX);
    }
  }

  @Test
  void takes_an_empty_file_for_a_hidden_one() {
    assertUnavailable(
        path -> new KernelFile("", 4096),
        Reason.EMPTY,
        "/proc/vmallocinfo is restricted or empty (container?): a running kernel always has areas;"
            + " mount the host's /proc into the container, or run outside it");
  }

  @Test
  void refuses_a_file_beyond_its_maximum_rather_than_cut_it() throws IOException {
    String text = "x".repeat(100);
    try (VmallocinfoReader exact =
            new VmallocinfoReader(PROC, 100, path -> new KernelFile(text, 64), "Linux");
        VmallocinfoReader tooSmall =
            new VmallocinfoReader(PROC, 99, path -> new KernelFile(text, 64), "Linux")) {
      exact.read();

      assertThat(text(exact)).isEqualTo(text);
      assertThatThrownBy(tooSmall::read)
          .hasMessage(
              "/proc/vmallocinfo is larger than the maximum of 99 bytes, so part of it would be"
                  + " missing; raise the maximum, at about 90 bytes an area");
      assertThat(tooSmall.length()).isZero();
    }
  }

  @Test
  void opens_the_file_again_after_a_failure() throws IOException {
    KernelFile broken = new KernelFile(CAPTURE, 4096);
    broken.failure = new IOException("Input/output error");
    KernelFile[] file = {broken};
    try (VmallocinfoReader reader = reader(path -> file[0])) {
      assertThatThrownBy(reader::read)
          .hasMessage(
              "/proc/vmallocinfo could not be read (java.io.IOException: Input/output error);"
                  + " the next reading opens it again")
          .hasCause(broken.failure);
      file[0] = new KernelFile(CAPTURE, 4096);
      reader.read();

      assertThat(text(reader)).isEqualTo(CAPTURE);
      assertThat(broken.open).isFalse();
    }
  }

  @Test
  void reads_a_captured_file(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("capture.txt"), CAPTURE);
    try (VmallocinfoReader reader = new VmallocinfoReader(file, PLENTY)) {
      reader.read();
      reader.read();

      assertThat(text(reader)).isEqualTo(CAPTURE);
    }
  }

  @Test
  void reads_the_file_of_this_host_without_a_malformed_line() throws IOException {
    assumeTrue(Files.isReadable(PROC), PROC + " is not readable here: run the tests as root");
    VmallocinfoParser parser = new VmallocinfoParser(ParserLimits.unlimited());
    try (VmallocinfoReader reader = new VmallocinfoReader(PROC, 64 << 20)) {
      for (int i = 0; i < 3; i++) {
        reader.read();

        AreaTable table = parser.parse(reader.bytes(), reader.length());

        assertThat(table.rows()).isPositive();
        assertThat(table.malformedLines()).isEmpty();
      }
    }
  }

  private static void assertUnavailable(
      VmallocinfoReader.Opener opener, Reason reason, String message) {
    try (VmallocinfoReader reader = reader(opener)) {
      assertThatThrownBy(reader::read)
          .hasMessage(message)
          .extracting(e -> ((VmallocinfoUnavailable) e).reason())
          .isEqualTo(reason);
    }
  }

  private static VmallocinfoReader reader(VmallocinfoReader.Opener opener) {
    return new VmallocinfoReader(PROC, PLENTY, opener, "Linux");
  }

  private static String text(VmallocinfoReader reader) {
    return new String(reader.bytes(), 0, reader.length(), StandardCharsets.ISO_8859_1);
  }

  /** A file that gives at most so many bytes a read, as kernels do; prints anew after a seek. */
  private static final class KernelFile implements SeekableByteChannel {
    String content;
    IOException failure;
    boolean open = true;
    private final int mostAtOnce;
    private final Random random = new Random(1);
    private byte[] printed = {};
    private int position;

    KernelFile(String content, int mostAtOnce) {
      this.content = content;
      this.mostAtOnce = mostAtOnce;
    }

    KernelFile openedBy(Runnable opening) {
      opening.run();
      return this;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      if (failure != null) {
        throw failure;
      }
      int left = printed.length - position;
      int count = Math.min(Math.min(into.remaining(), left), 1 + random.nextInt(mostAtOnce));
      into.put(printed, position, count);
      position += count;
      return left == 0 ? -1 : count;
    }

    @Override
    public SeekableByteChannel position(long newPosition) {
      printed = content.getBytes(StandardCharsets.ISO_8859_1);
      position = (int) newPosition;
      return this;
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public long size() {
      return 0;
    }

    @Override
    public int write(ByteBuffer from) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SeekableByteChannel truncate(long newSize) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      open = false;
    }
  }
}
