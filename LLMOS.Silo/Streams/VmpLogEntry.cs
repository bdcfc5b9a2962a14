using LLMOS.Kernel.Messaging;

namespace LLMOS.Silo.Streams;

/// <summary>A message on its way: its place in the log and the stream it travels on.</summary>
internal readonly record struct VmpLogEntry(long Sequence, StreamId Stream, VmpMessage Message);
