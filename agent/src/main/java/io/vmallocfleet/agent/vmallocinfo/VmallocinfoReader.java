/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

import io.vmallocfleet.agent.vmallocinfo.VmallocinfoUnavailable.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads {@code /proc/vmallocinfo} again and again through one open file. The kernel keeps the
 * buffer it printed into as long as the file is open, so seeking to the start costs it a third to a
 * fifth of opening afresh.
 *
 * <p>A short read is not the end: kernels before 6.9 return a page at most, later ones split rows
 * at any byte. The end is a read of nothing. After a failure the file is closed, and opened again
 * by the next {@link #read}, so a host heals without a restart. Not thread safe.
 */
public final class VmallocinfoReader implements Closeable {

  /** Where the kernel prints it. */
  public static final Path VMALLOCINFO = Path.of("/proc/vmallocinfo");

  /**
   * What is read at most unless told otherwise: about 700,000 areas, more than a snapshot holds and
   * ten times the largest file reported; a mistaken file of gigabytes must not fill the heap.
   */
  public static final int MAXIMUM_BYTES = 64 << 20;

  /** Holds the largest page, and is all that lives outside the heap. */
  private static final int READ_BYTES = 64 * 1024;

  private final Path path;
  private final int maximumBytes;
  private final Opener opener;
  private final String operatingSystem;
  private final ByteBuffer chunk = ByteBuffer.allocateDirect(READ_BYTES);

  private SeekableByteChannel channel;
  private byte[] bytes;
  private int length;

  /** Opens a file; the real one is {@link Files#newByteChannel}. */
  interface Opener {
    SeekableByteChannel open(Path path) throws IOException;
  }

  /** Reads {@link #MAXIMUM_BYTES} at most. */
  public VmallocinfoReader(Path path) {
    this(path, MAXIMUM_BYTES);
  }

  /**
   * @param maximumBytes what to read and hold in memory at most; about 90 bytes an area
   */
  public VmallocinfoReader(Path path, int maximumBytes) {
    this(path, maximumBytes, Files::newByteChannel, System.getProperty("os.name"));
  }

  VmallocinfoReader(Path path, int maximumBytes, Opener opener, String operatingSystem) {
    if (maximumBytes < 1) {
      throw new IllegalArgumentException(
          "maximumBytes is " + maximumBytes + ": expected 1 or more");
    }
    this.path = path;
    this.maximumBytes = maximumBytes;
    this.opener = opener;
    this.operatingSystem = operatingSystem;
    this.bytes = new byte[Math.min(maximumBytes, READ_BYTES)];
  }

  /**
   * Takes a new reading, which replaces the one before.
   *
   * @throws VmallocinfoUnavailable if there is nothing to see, or not all of it
   */
  public void read() throws VmallocinfoUnavailable {
    length = 0;
    boolean complete = false;
    try {
      if (channel == null) {
        channel = opener.open(path);
      }
      channel.position(0);
      readToTheEnd();
      complete = true;
    } catch (VmallocinfoUnavailable e) {
      throw e;
    } catch (IOException e) {
      throw explained(e);
    } finally {
      if (!complete) {
        length = 0;
        close();
      }
    }
  }

  /** The buffer of the last reading, valid up to {@link #length}; the next one may replace it. */
  public byte[] bytes() {
    return bytes;
  }

  /** Bytes of the last reading, 0 if it failed. */
  public int length() {
    return length;
  }

  @Override
  public void close() {
    if (channel == null) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written, so nothing is lost; the descriptor is gone either way.
    } finally {
      channel = null;
    }
  }

  private void readToTheEnd() throws IOException {
    while (true) {
      chunk.clear();
      if (channel.read(chunk) <= 0) {
        break;
      }
      chunk.flip();
      int needed = length + chunk.remaining();
      if (needed > maximumBytes) {
        throw tooLarge();
      }
      if (needed > bytes.length) {
        // By a quarter and not twice: it stays, in a process that counts its kilobytes.
        int roomier = (int) Math.min(maximumBytes, needed + needed / 4L);
        bytes = Arrays.copyOf(bytes, roomier);
      }
      chunk.get(bytes, length, chunk.remaining());
      length = needed;
    }
    if (length == 0) {
      throw unavailable(
          Reason.EMPTY,
          " is restricted or empty (container?): a running kernel always has areas; mount the"
              + " host's /proc into the container, or run outside it",
          null);
    }
  }

  private VmallocinfoUnavailable tooLarge() {
    return unavailable(
        Reason.TOO_LARGE,
        " is larger than the maximum of "
            + maximumBytes
            + " bytes, so part of it would be missing; raise the maximum, at about 90 bytes an area",
        null);
  }

  private VmallocinfoUnavailable explained(IOException e) {
    if (e instanceof AccessDeniedException || isNotPermitted(e)) {
      return unavailable(
          Reason.ACCESS_DENIED,
          " is readable by root only (mode 0400): run as root or give the agent"
              + " CAP_DAC_READ_SEARCH and CAP_SYSLOG",
          e);
    }
    if (e instanceof NoSuchFileException && !operatingSystem.equals("Linux")) {
      return unavailable(
          Reason.NOT_LINUX,
          " does not exist, because this is "
              + operatingSystem
              + ": only Linux kernels print it; run on Linux, or name a file captured there",
          e);
    }
    if (e instanceof NoSuchFileException) {
      return unavailable(
          Reason.NOT_FOUND,
          " does not exist: /proc is not mounted here, a sandbox hides it, or the path is wrong;"
              + " mount the host's /proc, or check the path",
          e);
    }
    return unavailable(
        Reason.UNREADABLE, " could not be read (" + e + "); the next reading opens it again", e);
  }

  /** Security modules refuse with EPERM, for which Java has no class, and may do so at the read. */
  private static boolean isNotPermitted(IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.endsWith("Operation not permitted") || message.endsWith("Permission denied");
  }

  private VmallocinfoUnavailable unavailable(Reason reason, String why, Throwable cause) {
    return new VmallocinfoUnavailable(reason, path + why, cause);
  }
}
