/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.delivery;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.apache.flink.connector.base.sink.writer.AsyncSinkWriterStateSerializer;

/** Notices that wait, as a checkpoint keeps them. */
final class NoticeState extends AsyncSinkWriterStateSerializer<Notice> {
  @Override
  public int getVersion() {
    return 1;
  }

  @Override
  protected void serializeRequestToStream(Notice notice, DataOutputStream out) throws IOException {
    out.writeUTF(notice.key());
    out.writeUTF(notice.about().name());
    out.writeBoolean(notice.repeated());
    out.writeUTF(notice.destination());
    out.writeInt(notice.record().length);
    out.write(notice.record());
  }

  @Override
  protected Notice deserializeRequestFromStream(long size, DataInputStream in) throws IOException {
    String key = in.readUTF();
    Notice.About about = Notice.About.valueOf(in.readUTF());
    boolean repeated = in.readBoolean();
    String destination = in.readUTF();
    byte[] record = new byte[in.readInt()];
    in.readFully(record);
    return new Notice(key, about, repeated, record, destination);
  }
}
