using System.CommandLine;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;
using LLMOS.Shell.Top;

namespace LLMOS.Shell.Commands;

/// <summary><c>top</c>: what the processes use, as it changes; off a terminal, or with <c>--once</c>, one sample.</summary>
internal sealed class TopCommand : ShellCommand
{
    private const double LeastDelay = 0.1;
    private const double MostDelay = 3600;

    /// <summary>Between the two samples of the plain form, without which there are no rates.</summary>
    private static readonly TimeSpan RateWindow = TimeSpan.FromMilliseconds(500);

    private readonly Option<bool> _once = new("--once") { Description = "Write one sample and leave, as it does where no terminal is" };

    private readonly Option<double> _delay = new("--delay", "-d")
    {
        Description = "Time between two samples (default 1)",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 1,
        Validators =
        {
            result =>
            {
                if (OptionNumber.Of<double>(result) is { } delay && delay is not (>= LeastDelay and <= MostDelay))
                {
                    result.AddError($"--delay is {result.Tokens[0].Value}: use {LeastDelay} to {MostDelay} seconds.");
                }
            },
        },
    };

    private readonly Option<string?> _sort = new("--sort", "-s")
    {
        Description = $"The column to sort by: {string.Join(", ", TopColumn.All.Select(column => column.Key))} (default pid)",
        HelpName = "COLUMN",
        Validators =
        {
            result =>
            {
                if (result.Tokens is [var token] && TopColumn.Find(token.Value) is null)
                {
                    result.AddError($"'{token.Value}' is no column: use {string.Join(", ", TopColumn.All.Select(column => column.Key))}.");
                }
            },
        },
    };

    private readonly Option<bool> _ascending = new("--ascending") { Description = "The least first" };
    private readonly Option<string?> _filter = new("--filter") { Description = "Only processes whose name, state, model, owner or PID has this text", HelpName = "TEXT" };
    private readonly Option<bool> _tree = new("--tree") { Description = "Each process after its parent" };
    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public TopCommand(ShellContext context)
        : base("top", "Show what the processes use, as it changes; ? explains its keys", context)
    {
        Add(_once);
        Add(_delay);
        Add(_sort);
        Add(_ascending);
        Add(_filter);
        Add(_tree);
        Add(_format);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var format = parse.GetValue(_format);
        var isPlain = format != OutputFormat.Table || parse.GetValue(_once) || !Context.Console.CanDraw;
        var state = new TopState
        {
            SortKey = TopColumn.Find(parse.GetValue(_sort) ?? "pid")!.Key,
            IsDescending = !parse.GetValue(_ascending),
            Filter = parse.GetValue(_filter) ?? "",
            IsTree = parse.GetValue(_tree),
        };
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = !isPlain }, cancellationToken);
        var sampler = new TopSampler(lease.Client, TimeProvider.System);
        if (!isPlain)
        {
            await new TopSession(Context, lease.Client, sampler, TimeSpan.FromSeconds(parse.GetValue(_delay))).RunAsync(state, cancellationToken);
            return ExitCodes.Success;
        }

        var sample = await sampler.TakeAsync().WaitAsync(cancellationToken);
        if (sample.Figures.BatchMax > 0)
        {
            await Task.Delay(RateWindow, cancellationToken);
            sample = await sampler.TakeAsync().WaitAsync(cancellationToken);
        }

        Write(sample, state, format);
        return ExitCodes.Success;
    }

    private void Write(TopSample sample, TopState state, OutputFormat format)
    {
        var shown = state.Arrange(sample.Processes);
        if (format != OutputFormat.Table)
        {
            Context.Console.Out.WriteLine(Structured.Write(format, sample with { Processes = [.. shown.Select(entry => entry.Row)] }, JsonRows.Readable.TopSample));
            return;
        }

        foreach (var line in TopScreen.Header(sample, isPaused: false))
        {
            Context.Console.Out.WriteLine(line);
        }

        Context.Console.Out.WriteLine();
        var table = new TextTable();
        foreach (var column in TopColumn.All)
        {
            table.Column(column.Title, column.IsRight);
        }

        foreach (var entry in shown)
        {
            table.Row([.. TopColumn.All.Select(column => (column.Key == "name" ? new string(' ', 2 * entry.Level) : "") + column.Text(entry.Row))]);
        }

        table.WriteTo(Context.Console);
    }
}
