using System.Text;
using Google.Protobuf;

namespace LLMOS.Tests.Telemetry;

/// <summary>A message of protocol buffers by its fields' numbers, without a schema: enough of OTLP to see what was sent.</summary>
internal sealed class ProtobufMessage
{
    private readonly List<(int Field, byte[] Bytes)> _fields = [];

    public ProtobufMessage(byte[] bytes)
    {
        using var input = new CodedInputStream(bytes);
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            if (WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                _fields.Add((WireFormat.GetTagFieldNumber(tag), input.ReadBytes().ToByteArray()));
            }
            else
            {
                input.SkipLastField();
            }
        }
    }

    /// <summary>The messages in a repeated field, and in those within them, along a path of field numbers.</summary>
    public IEnumerable<ProtobufMessage> At(params int[] path) => path is [var field, .. var rest]
        ? All(field).Select(bytes => new ProtobufMessage(bytes)).SelectMany(message => message.At(rest))
        : [this];

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    public string Hex(int field) => Convert.ToHexStringLower(Bytes(field));

    /// <summary>The attributes in a repeated field of key and value; values that are no texts are empty.</summary>
    public IReadOnlyDictionary<string, string> Attributes(int field) =>
        All(field).Select(bytes => new ProtobufMessage(bytes)).GroupBy(pair => pair.Text(1)).ToDictionary(pairs => pairs.Key, pairs => pairs.First().At(2).FirstOrDefault()?.Text(1) ?? "");

    private byte[] Bytes(int field) => All(field).FirstOrDefault() ?? [];

    private IEnumerable<byte[]> All(int field) => _fields.Where(one => one.Field == field).Select(one => one.Bytes);
}
