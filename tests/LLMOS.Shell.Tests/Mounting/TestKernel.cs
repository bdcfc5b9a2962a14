using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using LLMOS.Shell.Mounting;

namespace LLMOS.Shell.Tests.Mounting;

/// <summary>Asks a connection as the kernel does, by bytes, without one.</summary>
internal sealed class TestKernel : IFuseChannel, IAsyncDisposable
{
    private readonly BlockingCollection<byte[]> _requests = [];
    private readonly ConcurrentDictionary<ulong, TaskCompletionSource<byte[]>> _replies = [];
    private readonly Task _serving;
    private ulong _unique;

    public TestKernel(Func<FuseRequest, CancellationToken, ValueTask<FuseReply?>> answer)
    {
        Connection = new FuseConnection(this, answer, Reports.Enqueue);
        _serving = Connection.RunAsync();
    }

    public TestKernel(FakeFiles files, string point = "")
    {
        Folder = new VectorFolder(files, 7, 8, TimeProvider.System, Reports.Enqueue, point);
        Connection = new FuseConnection(this, Folder.AnswerAsync, Reports.Enqueue);
        _serving = Connection.RunAsync();
    }

    public VectorFolder? Folder { get; }

    public FuseConnection Connection { get; }

    public ConcurrentQueue<string> Reports { get; } = [];

    /// <summary>What the kernel was told without having asked, each with the node that it is about.</summary>
    public ConcurrentQueue<(int Code, ulong Node)> Told { get; } = [];

    /// <summary>Whether replies find whoever asked.</summary>
    public bool Delivers { get; set; } = true;

    /// <summary>The bytes of fields in their order: numbers, bytes, and texts that end with a zero.</summary>
    public static byte[] Fields(params IEnumerable<object> fields) => [.. fields.SelectMany(field => field switch
    {
        uint number => BitConverter.GetBytes(number),
        ulong number => BitConverter.GetBytes(number),
        string text => Encoding.UTF8.GetBytes(text + '\0'),
        byte[] bytes => bytes,
        _ => throw new ArgumentException($"{field} is no field."),
    })];

    public static byte[] Request(FuseOpcode opcode, ulong unique, ulong node, params IEnumerable<object> fields)
    {
        var body = Fields(fields);
        return Fields([(uint)(FuseRequest.HeaderLength + body.Length), (uint)opcode, unique, node, 0u, 0u, 0u, 0u, body]);
    }

    /// <summary>Sends bytes that nobody waits for an answer to.</summary>
    public void Send(byte[] request) => _requests.Add(request);

    /// <summary>Begins a request; its number is what an interruption names.</summary>
    public (ulong Unique, Task<Answer> Answer) Begin(FuseOpcode opcode, ulong node, params IEnumerable<object> fields)
    {
        var unique = Interlocked.Increment(ref _unique);
        return (unique, AskAsync(unique, Request(opcode, unique, node, fields)));
    }

    public Task<Answer> AskAsync(FuseOpcode opcode, ulong node, params IEnumerable<object> fields) => Begin(opcode, node, fields).Answer;

    public async Task<Answer> AskAsync(ulong unique, byte[] request)
    {
        var reply = _replies[unique] = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        Send(request);
        var bytes = await reply.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(bytes.Length, BinaryPrimitives.ReadInt32LittleEndian(bytes));
        return new Answer((Errno)(-BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4))), bytes[FuseReply.HeaderLength..]);
    }

    public async Task<Answer> SucceedAsync(FuseOpcode opcode, ulong node, params IEnumerable<object> fields)
    {
        var answer = await AskAsync(opcode, node, fields);
        Assert.Equal(Errno.None, answer.Error);
        return answer;
    }

    public async Task FailAsync(Errno error, FuseOpcode opcode, ulong node, params IEnumerable<object> fields) =>
        Assert.Equal(error, (await AskAsync(opcode, node, fields)).Error);

    /// <summary>Looks a path up, name by name.</summary>
    /// <returns>The number of what is there.</returns>
    public async Task<ulong> FindAsync(string path)
    {
        var node = VfsTree.RootId;
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = (await SucceedAsync(FuseOpcode.Lookup, node, name)).Number(0);
        }

        return node;
    }

    public async Task<(ulong Node, ulong Handle)> CreateAsync(ulong directory, string name, OpenFlags flags = (OpenFlags)1)
    {
        var answer = await SucceedAsync(FuseOpcode.Create, directory, (uint)flags, 0u, 0u, 0u, name);
        return (answer.Number(0), answer.Number(128));
    }

    public async Task<ulong> OpenAsync(ulong node, OpenFlags flags) => (await SucceedAsync(FuseOpcode.Open, node, (uint)flags, 0u)).Number(0);

    public Task<Answer> WriteAsync(ulong node, ulong handle, ulong offset, byte[] bytes, OpenFlags flags = (OpenFlags)1) =>
        AskAsync(FuseOpcode.Write, node, handle, offset, (uint)bytes.Length, 0u, 0ul, (uint)flags, 0u, bytes);

    public async Task<string> ReadAsync(ulong node, ulong handle, ulong offset = 0, uint size = 4096) =>
        Encoding.UTF8.GetString((await SucceedAsync(FuseOpcode.Read, node, handle, offset, size, 0u, 0ul, 0u, 0u)).Body);

    public async Task<Errno> CloseAsync(ulong node, ulong handle)
    {
        var flushed = await AskAsync(FuseOpcode.Flush, node, handle, 0u, 0u, 0ul);
        await AskAsync(FuseOpcode.Release, node, handle, 0u, 0u, 0ul);
        return flushed.Error;
    }

    /// <summary>The names in a directory, asked for in pieces of some bytes.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(ulong node, uint size = 4096)
    {
        var handle = (await SucceedAsync(FuseOpcode.OpenDirectory, node, 0u, 0u)).Number(0);
        var names = new List<string>();
        for (var offset = 0ul; ;)
        {
            var body = (await SucceedAsync(FuseOpcode.ReadDirectory, node, handle, offset, size, 0u, 0ul, 0u, 0u)).Body;
            if (body.Length == 0)
            {
                await SucceedAsync(FuseOpcode.ReleaseDirectory, node, handle, 0u, 0u, 0ul);
                return names;
            }

            for (var at = 0; at < body.Length;)
            {
                offset = BitConverter.ToUInt64(body, at + 8);
                var length = BitConverter.ToInt32(body, at + 16);
                names.Add(Encoding.UTF8.GetString(body, at + 24, length));
                at += (24 + length + 7) / 8 * 8;
            }
        }
    }

    int IFuseChannel.Read(Span<byte> request)
    {
        if (!_requests.TryTake(out var next, Timeout.Infinite))
        {
            return 0;
        }

        next.CopyTo(request);
        return next.Length;
    }

    bool IFuseChannel.Write(ReadOnlySpan<byte> reply)
    {
        var delivered = Delivers;
        if (MemoryMarshal.Read<ulong>(reply[8..]) == 0)
        {
            // Nobody asked: the code of what it says, and the node that it is about.
            Told.Enqueue((MemoryMarshal.Read<int>(reply[4..]), MemoryMarshal.Read<ulong>(reply[FuseReply.HeaderLength..])));
            return delivered;
        }

        if (_replies.TryRemove(MemoryMarshal.Read<ulong>(reply[8..]), out var waiting))
        {
            waiting.SetResult(reply.ToArray());
        }

        return delivered;
    }

    public async ValueTask DisposeAsync()
    {
        _requests.CompleteAdding();
        await _serving.WaitAsync(TimeSpan.FromSeconds(30));
        Connection.Dispose();
        _requests.Dispose();
    }

    /// <summary>An answer: its error, and what comes after the header.</summary>
    internal sealed record Answer(Errno Error, byte[] Body)
    {
        public ulong Number(int at) => BitConverter.ToUInt64(Body, at);

        public uint Small(int at) => BitConverter.ToUInt32(Body, at);
    }
}
