using System.CommandLine;
using System.Diagnostics;
using LLMOS.Shell.Commands;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;
using LLMOS.Shell.Syscalls;
using LLMOS.Shell.Terminal;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Shell;

/// <summary>What all commands share: where to write, what Ctrl-C does, the options that hold for each, and the session.</summary>
internal sealed class ShellContext(ShellConsole console, Interruption interruption, Stopwatch sinceStart)
{
    private SentenceParser? _parser;
    private (string Sentence, SyscallReply Reply)? _plan;

    public ShellConsole Console { get; } = console;

    public Interruption Interruption { get; } = interruption;

    /// <summary>The keys of the terminal, for one reader at a time.</summary>
    public KeyReader Keys { get; } = new();

    public GlobalOptions Global { get; } = new();

    /// <summary>The session of the interactive shell; null while each command opens its own.</summary>
    public Session? Interactive { get; set; }

    /// <summary>Where relative paths of VectorFS begin; cd changes it for the lines that follow.</summary>
    public WorkingDirectory Directory { get; } = new();

    /// <summary>Whether sentences are only shown as what they would do.</summary>
    public bool DryRun { get; set; }

    /// <summary>Whether nothing is asked before a sentence destroys something.</summary>
    public bool Yes { get; set; }

    /// <summary>Where an unexpected error is logged: known once a command has said which data folder it means.</summary>
    public string? DataFolder { get; set; }

    /// <summary>The calls that a sentence asks for. The interactive shell keeps the model for the next one.</summary>
    /// <param name="sentence">What to do, in words.</param>
    /// <param name="data">The data folder that was named; null for the configured one.</param>
    /// <param name="model">The model that was asked for; null for the default.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="UsageException">The sentence is too long, or the model cannot be held to a grammar.</exception>
    /// <exception cref="LlmosException">There is no such model, or it failed.</exception>
    public async Task<SyscallReply> ParseAsync(string sentence, string? data, string? model, CancellationToken cancellationToken)
    {
        var options = new SessionOptions { Data = data };
        if (Interactive is not null && model is null)
        {
            _parser ??= await Task.Run(() => SentenceParser.Load(options, model), cancellationToken);
            return await _parser.ParseAsync(sentence, cancellationToken);
        }

        await using var parser = await Task.Run(() => SentenceParser.Load(options, model), cancellationToken);
        return await parser.ParseAsync(sentence, cancellationToken);
    }

    /// <summary>Keeps what a sentence was taken for, so that whoever carries it out need not ask the model again.</summary>
    public void KeepPlan(string sentence, SyscallReply reply) => _plan = (sentence, reply);

    /// <summary>What a sentence was taken for just before; null when nobody asked.</summary>
    public SyscallReply? TakePlan(string sentence)
    {
        var plan = _plan;
        _plan = null;
        return plan is { } kept && kept.Sentence == sentence ? kept.Reply : null;
    }

    /// <summary>Asks a question at the terminal, whose answer is no unless it is yes.</summary>
    public Task<bool> ConfirmAsync(string question, CancellationToken cancellationToken) => new LineReader(this, "").ConfirmAsync(question, cancellationToken);

    /// <summary>Gives back what the interactive shell kept.</summary>
    public async ValueTask ReleaseAsync()
    {
        if (_parser is not null)
        {
            await _parser.DisposeAsync();
            _parser = null;
        }
    }

    /// <summary>The data folder whose silo a command line is for, where that can be said at once; null where it is for another system, or the configuration has to be read first.</summary>
    public string? FindFolder(ParseResult parse)
    {
        if (Interactive is not null || parse.GetValue(Global.Connect) is not null || PlainFolder.Find(parse.GetValue(Global.Data)) is not { } folder)
        {
            return null;
        }

        DataFolder = folder;
        return folder;
    }

    /// <summary>The session that a command line asks for.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="needs">What the command needs; where it is found is filled in.</param>
    /// <param name="cancellationToken">Stops opening it.</param>
    /// <exception cref="UsageException">The interactive shell has another one.</exception>
    /// <exception cref="LlmosException">It cannot be opened.</exception>
    public async Task<SessionLease> OpenAsync(ParseResult parse, SessionOptions needs, CancellationToken cancellationToken)
    {
        var data = parse.GetValue(Global.Data);
        var connect = parse.GetValue(Global.Connect);
        if (Interactive is not null)
        {
            return data is null && connect is null
                ? new SessionLease(Interactive, owned: false)
                : throw new UsageException("--data and --connect are fixed while this shell runs: leave it with exit, and start llmos with the other.");
        }

        if (data is not null && connect is not null && !needs.Works)
        {
            throw new UsageException("--data names the folder of an embedded silo and --connect a cluster: say one of them.");
        }

        var options = needs with { Data = data, Connect = connect };
        DataFolder = SiloSettings.Folder(options);
        if (connect is not null)
        {
            return new SessionLease(await RemoteSession.OpenAsync(options, cancellationToken), owned: true);
        }

        var boot = new BootView(Console, options.ShowBoot && !parse.GetValue(Global.Quiet), sinceStart);
        boot.Begin();
        try
        {
            var session = await FolderSession.OpenAsync(options, DataFolder, boot.Show, cancellationToken);
            boot.End(session is EmbeddedSession);
            return new SessionLease(session, owned: true);
        }
        catch
        {
            boot.Abandon();
            throw;
        }
    }
}
