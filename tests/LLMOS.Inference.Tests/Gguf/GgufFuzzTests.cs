using System.Buffers.Binary;
using LLMOS.Inference.Gguf;
using ModelForge;

namespace LLMOS.Inference.Tests.Gguf;

/// <summary>Damaged headers give a result or a <see cref="GgufException"/>, soon and in little memory, and nothing else.</summary>
public sealed class GgufFuzzTests : IDisposable
{
    private const int Rounds = 6000;
    private const long MemoryLimit = 4 << 20;

    private static readonly ulong[] Extremes =
        [0, 1, 7, 255, 65_536, int.MaxValue, uint.MaxValue, 1UL << 40, long.MaxValue - 31, long.MaxValue, 1UL << 63, ulong.MaxValue - 7, ulong.MaxValue];

    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _sound;

    public GgufFuzzTests()
    {
        var path = _folder.File("sound.gguf");
        ForgedModel.Write(path, new ModelShape(8, 2, 2, 1, 8, 360, 64), GgmlType.F32);
        _sound = File.ReadAllBytes(path);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_truncation_is_found()
    {
        var path = _folder.File("cut.gguf");
        File.WriteAllBytes(path, _sound);
        using var file = File.Open(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        for (var length = _sound.Length - 1; length > 0; length -= length > 12_000 ? 97 : 3)
        {
            file.SetLength(length);
            var refusal = Assert.Throws<GgufException>(() => GgufFile.ReadModel(path));
            Assert.Contains(refusal.Problem, new[] { GgufProblem.Truncated, GgufProblem.NotGguf });
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Mutations_do_no_harm(int seed)
    {
        var random = new Random(seed);
        var path = _folder.File("mutated.gguf");
        var header = (int)GgufFile.Read(_folder.File("sound.gguf")).DataStart;
        var refused = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = _sound.AsSpan().ToArray();
            for (var changes = random.Next(1, 5); changes > 0; changes--)
                Mutate(random, bytes, header);
            File.WriteAllBytes(path, bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                GgufFile.ReadModel(path);
            }
            catch (GgufException refusal)
            {
                refused++;
                Assert.False(string.IsNullOrWhiteSpace(refusal.Message));
            }

            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MemoryLimit, $"Round {round} of seed {seed} took more than {MemoryLimit} bytes.");
        }

        Assert.InRange(refused, Rounds / 10, Rounds);
    }

    private static void Mutate(Random random, byte[] bytes, int header)
    {
        // Half of the changes go to the start, where the counts and most lengths are.
        var at = random.Next(random.Next(2) == 0 ? 1024 : header) % (bytes.Length - 8);
        switch (random.Next(4))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), Extremes[random.Next(Extremes.Length)]);
                break;
            case 2:
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), (uint)Extremes[random.Next(Extremes.Length)]);
                break;
            default:
                var length = random.Next(1, 64);
                var from = random.Next(header);
                bytes.AsSpan(from, Math.Min(length, bytes.Length - Math.Max(at, from))).CopyTo(bytes.AsSpan(at));
                break;
        }
    }
}
