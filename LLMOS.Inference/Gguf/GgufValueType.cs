using System.Diagnostics.CodeAnalysis;

namespace LLMOS.Inference.Gguf;

/// <summary>The type of a GGUF metadata value, with the numbers that the file format uses.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "These are types; the file format names them so.")]
public enum GgufValueType : uint
{
    UInt8 = 0,
    Int8 = 1,
    UInt16 = 2,
    Int16 = 3,
    UInt32 = 4,
    Int32 = 5,
    Float32 = 6,
    Bool = 7,
    String = 8,
    Array = 9,
    UInt64 = 10,
    Int64 = 11,
    Float64 = 12,
}
