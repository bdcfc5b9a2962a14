using System.Threading.Channels;
using LLMOS.Shell.Terminal;

namespace LLMOS.Shell.Tests.Interactive.Editing;

/// <summary>Keys that are typed before they are read; after the last one the input ends.</summary>
internal sealed class TypedKeys : IKeySource
{
    private readonly Queue<ConsoleKeyInfo> _keys = new();

    public TypedKeys Text(string text)
    {
        foreach (var c in text)
        {
            _keys.Enqueue(c == '\n' ? new ConsoleKeyInfo('\r', ConsoleKey.Enter, false, false, false) : new ConsoleKeyInfo(c, default, false, false, false));
        }

        return this;
    }

    public TypedKeys Press(params ConsoleKey[] keys)
    {
        foreach (var key in keys)
        {
            _keys.Enqueue(new ConsoleKeyInfo(key == ConsoleKey.Tab ? '\t' : '\0', key, false, false, false));
        }

        return this;
    }

    public TypedKeys Control(params ConsoleKey[] keys)
    {
        foreach (var key in keys)
        {
            _keys.Enqueue(new ConsoleKeyInfo((char)(key - ConsoleKey.A + 1), key, false, false, true));
        }

        return this;
    }

    public TypedKeys Alt(char c, ConsoleKey key)
    {
        _keys.Enqueue(new ConsoleKeyInfo(c, key, false, true, false));
        return this;
    }

    public ValueTask<ConsoleKeyInfo> ReadAsync(CancellationToken cancellationToken) =>
        _keys.TryDequeue(out var key) ? new(key) : throw new ChannelClosedException();
}
